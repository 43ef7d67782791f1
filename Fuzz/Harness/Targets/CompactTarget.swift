// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import TokenScan

/// The scan of a compact token against splitting, decoding and indexing it naively.
struct CompactTarget: FuzzTarget {
    static let name = "compact"
    private let scanner = Scanner()

    static func seeds() throws -> [[UInt8]] { try Fixtures.tokens() }

    init() {}

    mutating func run(_ input: [UInt8]) {
        let payload = scanner.payload(of: input)
        let expected = Self.naivePayload(of: input)
        require(payload == expected, "scan differs from the oracle")
    }

    /// The decoded payload of a well-formed compact JWS within the default limits.
    private static func naivePayload(of token: [UInt8]) -> [UInt8]? {
        let limits = ScanLimits()
        guard token.count <= limits.tokenByteCountMax else { return nil }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, let header = NaiveBase64URL.decode(parts[0]),
            let payload = NaiveBase64URL.decode(parts[1]), NaiveBase64URL.decode(parts[2]) != nil,
            header.count <= limits.headerByteCountMax, isObject(header), isObject(payload)
        else { return nil }
        return payload
    }

    private static func isObject(_ bytes: [UInt8]) -> Bool {
        JSONOracle.index(bytes, .token).status == CTK_JSON_OK.rawValue
    }
}

private final class Scanner {
    private var scanner = TokenScanner()

    func payload(of token: [UInt8]) -> [UInt8]? {
        scanner.reset()
        do {
            let view = try scanner.scan(token.span)
            return Self.payload(of: view, in: scanner)
        } catch {
            require(error.offset >= 0 && error.offset <= max(token.count, 1), "offset outside the token")
            return nil
        }
    }

    private static func payload(of view: TokenView, in scanner: borrowing TokenScanner) -> [UInt8] {
        scanner.payload(of: view).array
    }
}
