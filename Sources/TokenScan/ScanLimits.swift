// SPDX-License-Identifier: Apache-2.0

/// The bounds that scanning enforces before it does any work that grows with the input.
///
/// Every bound is inclusive: a token of exactly `tokenByteCountMax` bytes is scanned, one byte more is
/// refused as ``ScanError/tooLarge(offset:)``.
public struct ScanLimits: Sendable, Equatable {
    /// Bytes of one compact token, dots included. Default 16 384.
    public var tokenByteCountMax: Int
    /// Bytes of the decoded JOSE header. Default 4 096.
    public var headerByteCountMax: Int
    /// JSON containers open at once, 1 to 255: `{}` has depth 1. Default 16.
    public var depthMax: Int
    /// Members of one JSON object, at most 65 535. Default 256.
    public var memberCountMax: Int

    /// Makes limits; each value is clamped into the range that its property states.
    public init(
        tokenByteCountMax: Int = 16_384, headerByteCountMax: Int = 4_096, depthMax: Int = 16,
        memberCountMax: Int = 256
    ) {
        self.tokenByteCountMax = min(max(tokenByteCountMax, 1), 1 << 26)
        self.headerByteCountMax = min(max(headerByteCountMax, 1), 1 << 20)
        self.depthMax = min(max(depthMax, 1), 255)
        self.memberCountMax = min(max(memberCountMax, 1), 65_535)
    }
}
