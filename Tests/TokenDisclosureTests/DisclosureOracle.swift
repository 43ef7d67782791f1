// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import TokenCrypto

/// RFC 9901 section 7.1 the slow, obvious way: the oracle. It looks for a digest in every disclosure each time, and
/// works on trees.
struct DisclosureOracle {
    private var disclosures: [(digest: String, content: [Any])] = []
    private var used: [String] = []
    private var seen: [String] = []

    /// The SHA-256 digest of a text, as base64url.
    static func digest(_ text: String) -> String {
        let message = Array(text.utf8)
        var bytes = [UInt8](repeating: 0, count: 32)
        var span = bytes.mutableSpan
        SHA256.digest(message.span, into: &span)
        return NaiveBase64URL.encode(bytes)
    }

    /// The processed payload of a presentation without regard to signatures; nil where the RFC says to reject it.
    static func processed(_ presentation: String) -> NSDictionary? {
        let parts = presentation.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        let segments = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, segments.count == 3, let payload = NaiveBase64URL.decode(segments[1].utf8),
            let root = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
        else { return nil }
        var oracle = DisclosureOracle()
        for part in parts[1..<(parts.count - 1)] {
            guard let bytes = NaiveBase64URL.decode(part.utf8),
                let content = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [Any]
            else { return nil }
            oracle.disclosures.append((Self.digest(part), content))
        }
        guard Set(oracle.disclosures.map(\.digest)).count == oracle.disclosures.count,
            var result = oracle.object(root)
        else { return nil }
        guard Set(oracle.seen).count == oracle.seen.count, oracle.used.count == oracle.disclosures.count else {
            return nil
        }
        result["_sd_alg"] = nil
        return result as NSDictionary
    }

    private mutating func value(_ value: Any) -> Any? {
        if let object = value as? [String: Any] { return self.object(object) }
        guard let array = value as? [Any] else { return value }
        var result: [Any] = []
        for element in array {
            if let object = element as? [String: Any], object.count == 1, let digest = object["..."] as? String {
                guard let content = find(digest) else { continue }
                guard content.count == 2, let inner = self.value(content[1]) else { return nil }
                result.append(inner)
            } else {
                guard let inner = self.value(element) else { return nil }
                result.append(inner)
            }
        }
        return result
    }

    private mutating func object(_ object: [String: Any]) -> [String: Any]? {
        var result: [String: Any] = [:]
        for (name, member) in object where name != "_sd" {
            guard name != "...", let inner = value(member) else { return nil }
            result[name] = inner
        }
        for digest in object["_sd"] as? [String] ?? [] {
            guard let content = find(digest) else { continue }
            guard content.count == 3, let name = content[1] as? String, name != "_sd", name != "...",
                result[name] == nil, let inner = value(content[2])
            else { return nil }
            result[name] = inner
        }
        return result
    }

    private mutating func find(_ digest: String) -> [Any]? {
        seen.append(digest)
        guard let found = disclosures.first(where: { $0.digest == digest }) else { return nil }
        used.append(digest)
        return found.content
    }
}
