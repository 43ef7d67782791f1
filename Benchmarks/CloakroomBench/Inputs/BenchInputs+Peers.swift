// SPDX-License-Identifier: Apache-2.0
import Foundation
import TokenCrypto

extension BenchInputs {
    /// What the peers' process runs over: lines of a name, a blank and base64. A name that comes again is the next item
    /// of a list.
    var peerLines: String {
        var lines: [String] = []
        func add(_ name: String, _ bytes: [UInt8]) { lines.append("\(name) \(Data(bytes).base64EncodedString())") }
        for (key, tokens) in zip(keys, reference) {
            let algorithm = key.algorithm.jwaName.lowercased()
            add("private.\(algorithm)", key.privateJWK)
            add("public.\(algorithm)", key.publicJWK)
            for token in tokens.items { add("tokens.\(algorithm)", token) }
        }
        for token in exchange[0].items { add("tokens.exchange", token) }
        add("now", Array(String(SyntheticToken.now).utf8))
        add("value-key", Self.valueKey)
        for value in values.items { add("values", value) }
        for byteCount in Self.segmentByteCounts { add("segment.\(byteCount)B", Self.segment(byteCount)) }
        for claims in referenceClaims.items { add("payload.reference", claims) }
        for corpus in corpora where corpus.algorithm == "HS256" {
            for payload in corpus.payloads.items { add("payload.\(corpus.name)", payload) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes the lines, for this user's eyes only: the keys are worthless, but the habit is not.
    func writePeerLines(to path: String) throws(BenchFailure) {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(peerLines.utf8), attributes: [.posixPermissions: 0o600])
        else { throw .output("cannot write \(path)") }
    }
}
