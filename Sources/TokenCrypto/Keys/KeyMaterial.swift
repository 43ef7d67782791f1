// SPDX-License-Identifier: Apache-2.0
internal import TokenScan

/// What a key is, apart from its numbers.
enum KeyKind: Sendable, Equatable {
    case secret
    case rsa
    case elliptic(EllipticCurve)
    case ed25519
    /// For key agreement alone (RFC 8037 section 3.2).
    case x25519
}

/// The numbers of a key as they came out of a JWK or of DER, unchecked: what every format is turned into, so that one
/// set of checks serves all. Lives only during a load, in wiped memory.
struct KeyMaterial: ~Copyable {
    /// The members by their JWK names (RFC 7518 section 6.2 to 6.4, RFC 8037 section 2).
    enum Field: Int, CaseIterable {
        case n, e, d, p, q, dp, dq, qi, x, y, k

        var name: StaticString {
            switch self {
            case .n: "n"
            case .e: "e"
            case .d: "d"
            case .p: "p"
            case .q: "q"
            case .dp: "dp"
            case .dq: "dq"
            case .qi: "qi"
            case .x: "x"
            case .y: "y"
            case .k: "k"
            }
        }
    }

    let kind: KeyKind
    /// All numbers, big-endian, back to back.
    var bytes = ByteScratch(capacity: 256, isSecret: true)
    private var ranges = [Range<Int>?](repeating: nil, count: Field.allCases.count)

    init(kind: KeyKind) { self.kind = kind }

    /// Where a number stands in `bytes`; nil when the key does not have it.
    subscript(_ field: Field) -> Range<Int>? {
        get { ranges[field.rawValue] }
        set { ranges[field.rawValue] = newValue }
    }

    /// Where a number that the key type requires stands in `bytes`.
    func required(_ field: Field) throws(KeyError) -> Range<Int> {
        guard let range = ranges[field.rawValue] else { throw .missingMember }
        return range
    }

    /// Adds a number.
    mutating func append(_ field: Field, _ number: Span<UInt8>) {
        let start = bytes.count
        bytes.append(number)
        ranges[field.rawValue] = start..<bytes.count
    }

    var isPrivate: Bool { self[.d] != nil || kind == .secret }
}
