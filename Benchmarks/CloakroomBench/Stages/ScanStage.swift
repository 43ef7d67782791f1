// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Foundation
import TokenScan

/// `scan.token`: split, decode and index a whole token, nothing verified.
struct ScanToken: Workload, ~Copyable {
    private let tokens: TokenTable
    private var scanner = TokenScanner()
    private var cycle: Cycle

    init(_ tokens: TokenTable) {
        self.tokens = tokens
        cycle = Cycle(tokens.count)
    }

    mutating func run(_ iterations: Int) {
        let tokens = tokens
        var sink = 0
        for _ in 0..<iterations {
            scanner.reset()
            let token = tokens.bytes.span.extracting(tokens.places[cycle.next()])
            if (try? scanner.scan(token)) != nil { sink &+= token.count }
        }
        blackHole(sink)
    }

    /// Payload bytes and claim count, against Foundation's decoder and parser.
    mutating func isRight() -> Bool {
        for token in tokens.items {
            let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard parts.count == 3 else { return false }
            let payload = Base64URLText.decode(String(decoding: parts[1], as: UTF8.self))
            scanner.reset()
            guard let view = try? scanner.scan(token.span),
                scanner.payload(of: view).equals(payload.span),
                let object = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any],
                Int(scanner.claims(of: view)[0].child_count) == object.count
            else { return false }
        }
        scanner.reset()
        let spoiled = Array(tokens[0].dropLast(1)) + [UInt8(ascii: "*")]
        return (try? scanner.scan(spoiled.span)) == nil
    }
}
