// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no token, or no acceptable JSON document.
///
/// `offset` counts bytes from the start of what the caller handed in: the token for scanning a token, the
/// document for indexing JSON. No case holds any byte of the input.
public enum ScanError: Error, Equatable, Sendable {
    /// Not the compact form: another number of dots than two, or an empty header (RFC 7515 section 7.1).
    case malformed(offset: Int)
    /// Over one of the ``ScanLimits`` in size or in members of an object.
    case tooLarge(offset: Int)
    /// A character outside the base64url alphabet, padding, an impossible length, or unused bits that are not
    /// zero (RFC 7515 section 2, RFC 4648 section 3.5).
    case base64url(offset: Int)
    /// Not RFC 8259 JSON, not UTF-8, nested too deep, trailing bytes, or a root that is no object.
    case json(offset: Int)
    /// One member name twice in one object, after unescaping (RFC 7515 section 4, RFC 7519 section 4).
    case duplicateMember(offset: Int)

    /// The byte offset that every case carries.
    public var offset: Int {
        switch self {
        case .malformed(let offset), .tooLarge(let offset), .base64url(let offset), .json(let offset),
            .duplicateMember(let offset):
            offset
        }
    }

    /// The same error, its offset replaced: a stage inside a token reports where in the token it stood.
    package func at(offset: Int) -> ScanError {
        switch self {
        case .malformed: .malformed(offset: offset)
        case .tooLarge: .tooLarge(offset: offset)
        case .base64url: .base64url(offset: offset)
        case .json: .json(offset: offset)
        case .duplicateMember: .duplicateMember(offset: offset)
        }
    }
}
