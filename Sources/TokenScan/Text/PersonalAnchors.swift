// SPDX-License-Identifier: Apache-2.0
import CTokenKernels

/// The places of a text where personal data may start, found a thousand at a time. One worker owns it; no allocation
/// after the first use.
package struct PersonalAnchors: ~Copyable {
    /// Kinds of anchors, and which of them may start at a place.
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }

        /// An `@`, or the `%` of `%40`.
        package static let email = Kinds(rawValue: UInt32(CTK_PERSONAL_EMAIL))
        /// A `+`, the `%` of `%2B`, a `(`, or a first digit.
        package static let phone = Kinds(rawValue: UInt32(CTK_PERSONAL_PHONE))
        /// A first digit.
        package static let card = Kinds(rawValue: UInt32(CTK_PERSONAL_CARD))
        /// A first letter.
        package static let iban = Kinds(rawValue: UInt32(CTK_PERSONAL_IBAN))
        /// A first digit.
        package static let ssn = Kinds(rawValue: UInt32(CTK_PERSONAL_SSN))
        /// The first dot of an IPv4 address.
        package static let ipv4 = Kinds(rawValue: UInt32(CTK_PERSONAL_IPV4))
        /// The first colon of an IPv6 address without `::`, or `::`.
        package static let ipv6 = Kinds(rawValue: UInt32(CTK_PERSONAL_IPV6))
    }

    private static let capacity = 1_024
    private var list = [ctk_personal_anchor](repeating: ctk_personal_anchor(), count: PersonalAnchors.capacity)
    private var count = 0
    private var used = 0
    private var scannedTo = 0

    /// An empty list.
    package init() {}

    /// Forgets the text; the next one is searched from its start.
    package mutating func begin() {
        count = 0
        used = 0
        scannedTo = 0
    }

    /// The next anchor of the wanted kinds, nil when the text has none left. A superset: what does not fit is for the
    /// caller to drop. Cost: one pass of the kernel in use over what was not searched yet.
    package mutating func next(_ kinds: Kinds, in text: Span<UInt8>) -> (offset: Int, kinds: Kinds)? {
        while used == count {
            guard scannedTo < text.count, text.count <= Int(UInt32.max) else { return nil }
            fill(kinds, text)
        }
        let anchor = list[used]
        used &+= 1
        return (Int(anchor.offset), Kinds(rawValue: anchor.kinds))
    }

    private mutating func fill(_ kinds: Kinds, _ text: Span<UInt8>) {
        used = 0
        var next = scannedTo
        let from = scannedTo
        // SAFETY: the kernel reads the span's bytes, from the one before `from` on, which is below its count, and
        // writes at most `capacity` anchors, the count of the array.
        count = unsafe text.withUnsafeBufferPointer { source in
            unsafe list.withUnsafeMutableBufferPointer { out in
                guard let start = source.baseAddress, let first = out.baseAddress else { return 0 }
                return unsafe ctk_personal_anchors(
                    start, source.count, from, kinds.rawValue, first, out.count, &next)
            }
        }
        scannedTo = next
    }
}
