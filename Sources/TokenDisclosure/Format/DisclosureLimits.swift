// SPDX-License-Identifier: Apache-2.0

/// The bounds of one SD-JWT, over those that scanning sets for the token inside it. Inclusive.
public struct DisclosureLimits: Sendable, Equatable {
    /// Bytes of the whole presentation: token, disclosures, key binding and tildes. Default 65 536.
    public var presentationByteCountMax: Int
    /// Disclosures in one presentation. Default 256.
    public var disclosureCountMax: Int
    /// Characters of one disclosure. Default 16 384.
    public var disclosureByteCountMax: Int

    /// Makes limits; each value is clamped to at least 1, the sizes to at most 64 MiB, the count to at most 65 535.
    public init(
        presentationByteCountMax: Int = 65_536, disclosureCountMax: Int = 256, disclosureByteCountMax: Int = 16_384
    ) {
        self.presentationByteCountMax = min(max(presentationByteCountMax, 1), 1 << 26)
        self.disclosureCountMax = min(max(disclosureCountMax, 1), 65_535)
        self.disclosureByteCountMax = min(max(disclosureByteCountMax, 1), 1 << 26)
    }
}
