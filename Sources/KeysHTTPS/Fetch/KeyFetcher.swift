// SPDX-License-Identifier: Apache-2.0
public import TokenVerify

/// What a fetch may take: bounds that hold while it runs, not afterwards.
public struct KeyFetchLimits: Sendable, Equatable {
    /// Bytes of the answer's body, decoded. Default 256 KiB; never over 1 MiB, the limit of a key file.
    public var byteCountMax: Int
    /// Seconds from the start to the last byte. Default 5.
    public var timeoutSeconds: Double

    /// The defaults, or others: bytes in 1 … 1 MiB, seconds in 0.1 … 60, moved into that.
    public init(byteCountMax: Int = 256 << 10, timeoutSeconds: Double = 5) {
        self.byteCountMax = min(max(byteCountMax, 1), 1 << 20)
        self.timeoutSeconds = min(max(timeoutSeconds, 0.1), 60)
    }
}

/// Gets the bytes at an address. ``URLSessionKeyFetcher`` is the one that comes along; a test or a service with an
/// HTTP client of its own brings another.
public protocol KeyFetcher: Sendable {
    /// The body at `address`, which is `https`.
    ///
    /// Must keep the limits while it reads, follow no redirect, send no cookies or credentials, and take status 200
    /// alone.
    /// - Throws: ``KeyFetchError``.
    func fetch(_ address: String, limits: KeyFetchLimits) async throws(KeyFetchError) -> [UInt8]
}
