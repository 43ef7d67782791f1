// SPDX-License-Identifier: Apache-2.0
import TokenScan
import TokenScrub

/// Decodes one found token at a time. Nothing is verified: a log is full of expired and foreign tokens, and all of them
/// tell.
struct TokenReader: ~Copyable {
    private static let limits = ScanLimits(
        tokenByteCountMax: 1 << 20, headerByteCountMax: 16_384, depthMax: 32, memberCountMax: 4_096)

    private(set) var header = ByteScratch()
    private(set) var headerIndex = JSONIndex()
    /// Whether the header is there and decodes.
    private(set) var hasHeader = false
    /// The decoded payload; plain personal data, wiped.
    private(set) var payload = ByteScratch(isSecret: true)
    private(set) var index = JSONIndex()
    /// Whether the payload is a JSON object.
    private(set) var hasClaims = false

    /// Reads header and payload of a finding in its compact text.
    mutating func read(_ finding: TokenFinding, _ compact: Span<UInt8>) {
        header.removeAll()
        payload.removeAll()
        hasHeader =
            !finding.header.isEmpty && Self.decode(compact.extracting(finding.header), &header, &headerIndex)
        hasClaims = finding.form != .jwe && Self.decode(compact.extracting(finding.payload), &payload, &index)
    }

    /// Reads a disclosure in the place of the payload; its JSON is an array then.
    mutating func readDisclosure(_ text: Span<UInt8>) -> Bool {
        payload.removeAll()
        return Self.decode(text, &payload, &index, rootMustBeObject: false)
    }

    private static func decode(
        _ segment: Span<UInt8>, _ bytes: inout ByteScratch, _ index: inout JSONIndex, rootMustBeObject: Bool = true
    ) -> Bool {
        do {
            try bytes.appendBase64URLDecoded(segment)
            try build(&index, bytes, rootMustBeObject)
            return true
        } catch {
            return false
        }
    }

    private static func build(
        _ index: inout JSONIndex, _ json: borrowing ByteScratch, _ rootMustBeObject: Bool
    ) throws(ScanError) {
        try index.build(json.span, limits: limits, rootMustBeObject: rootMustBeObject)
    }
}
