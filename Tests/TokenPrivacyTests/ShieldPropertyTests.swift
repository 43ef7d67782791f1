// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenPersonalData
import TokenScan

@testable import TokenPrivacy

/// A policy as a tree, and what it means, written down slowly over Foundation dictionaries.
indirect enum ModelRule {
    case keep, drop, mask, bucket
    case pseudonym(type: String)
    case members([(name: String, rule: ModelRule, output: String)])
    case elements(ModelRule)
}

/// The oracle. Returns nil for a value that is left out.
struct ModelShield {
    let ring: PseudonymKeyRing
    let sector: PseudonymSector

    func apply(_ rule: ModelRule, _ value: Any) throws -> Any? {
        switch rule {
        case .keep: return value
        case .drop: return nil
        case .mask: return value is String || value is NSNumber ? "***" : nil
        case .bucket:
            let number: Double
            if let text = value as? String {
                guard let whole = Int(text), String(whole) == text else { return nil }
                number = Double(whole)
            } else {
                guard let found = value as? NSNumber else { return nil }
                number = found.doubleValue
            }
            let low = Int((number / 10).rounded(.down)) * 10
            return low < 0 ? "\(low)..\(low + 9)" : "\(low)-\(low + 9)"
        case .pseudonym(let type): return try pseudonym(value, type: type)
        case .members(let members):
            guard let object = value as? [String: Any] else { return nil }
            var result: [String: Any] = [:]
            for (name, inner) in object {
                guard let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { continue }
                if let changed = try apply(member.rule, inner) { result[member.output] = changed }
            }
            return result.isEmpty ? nil : result
        case .elements(let rule):
            guard let array = value as? [Any] else { return nil }
            let result = try array.compactMap { try apply(rule, $0) }
            return result.isEmpty ? nil : result
        }
    }
}

extension ModelShield {
    private func pseudonym(_ value: Any, type: String) throws -> String? {
        let name = try PseudonymDomainName(type: type, profile: .text, scope: .audience(sector))
        let pseudonymizer = Pseudonymizer(ring: ring, domain: name)
        if let text = value as? String { return try pseudonymizer.pseudonym(of: text) }
        guard let number = (value as? NSNumber)?.doubleValue, number == number.rounded() else { return nil }
        var output = ByteScratch()
        let decimal = Array(String(Int(number)).utf8)
        try pseudonymizer.appendPseudonym(of: .integer, decimal.span, issuer: decimal.span, to: &output)
        return TokenSamples.string(output.span)
    }
}

/// Random policies and claims over a small pool of names, so that rules meet values.
struct ModelGenerator {
    var random: SeededGenerator
    static let names = [
        "a", "b.c", "grüße", "q\"\\", "a-longer-name-than-16-bytes", "a-longer-nome-than-16-bytes", "x", "[]",
    ]

    mutating func rule(depth: Int) -> ModelRule {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
        case 0: return .keep
        case 1: return .drop
        case 2: return .mask
        case 3: return .bucket
        case 4: return .pseudonym(type: ["t1", "t2"].randomElement(using: &random) ?? "t1")
        case 5: return .elements(rule(depth: depth - 1))
        default: return members(depth: depth - 1)
        }
    }

    mutating func members(depth: Int) -> ModelRule {
        var members: [(name: String, rule: ModelRule, output: String)] = []
        for name in Self.names.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)) {
            let inner = rule(depth: depth)
            var output = name
            if isRenamable(inner), Int.random(in: 0..<3, using: &random) == 0 { output = "renamed " + name }
            members.append((name, inner, output))
        }
        return .members(members)
    }

    private func isRenamable(_ rule: ModelRule) -> Bool {
        switch rule {
        case .keep, .mask, .bucket, .pseudonym: true
        case .drop, .members, .elements: false
        }
    }

    mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
        case 0: return string(["", "plain", "esc\"\\\n", "grüße 😀"].randomElement(using: &random) ?? "")
        case 1: return string(String(Int.random(in: 0...120, using: &random)))
        // Foundation forgets whether a whole number had a fraction and whether it was a Boolean: other tests cover
        // those.
        case 2: return ["1.50", "-3", "0", "77"].randomElement(using: &random) ?? "0"
        case 3: return "null"
        case 4, 5: return string("value \(Int.random(in: 0...9, using: &random))")
        case 6, 7:
            return "["
                + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth: depth - 1) }.joined(
                    separator: " ,") + "]"
        default: return object(depth: depth - 1)
        }
    }

    mutating func object(depth: Int, lead: String = "") -> String {
        var members: [String] = []
        for name in Self.names.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random)) {
            members.append(string(name) + ": " + value(depth: depth))
        }
        return "{" + ([lead].filter { !$0.isEmpty } + members).joined(separator: ",\n") + "}"
    }

    /// A JSON string, some characters written as escapes.
    mutating func string(_ text: String) -> String {
        var out = "\""
        for unit in text.utf16 {
            let isPlain = unit >= 0x20 && unit < 0x7F && unit != 0x22 && unit != 0x5C
            if isPlain, Int.random(in: 0..<6, using: &random) > 0 {
                out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                out += "\\u" + String(format: "%04x", Int(unit))
            }
        }
        return out + "\""
    }
}

@Suite("Random policies over random claims do what the oracle does")
struct ShieldPropertyTests {
    @Test("the claims that leave are the oracle's", arguments: 0..<8)
    func agrees(_ seed: Int) throws {
        let samples = try TokenSamples()
        var generator = ModelGenerator(random: SeededGenerator(seed: UInt64(seed)))
        for _ in 0..<24 {
            let rule = generator.members(depth: 3)
            var lines = [#""sub": "keep""#]
            Self.write(rule, path: "", output: nil, into: &lines)
            let policy = try Sample.policy(
                claims: lines, issue: ShieldTests.id,
                more: #""checks": {"personal-data-in-kept-claims": "off"}"#)
            let sector = try #require(policy.issue.sector)
            let issuer = try samples.tokenIssuer(policy)
            var worker = issuer.makeWorker()
            let oracle = ModelShield(ring: samples.ring, sector: sector)
            for _ in 0..<6 {
                let claims = generator.object(depth: 3, lead: "\"sub\":\"u\"")
                let token = try issuer.issue(claims: claims, now: TokenSamples.now, using: &worker)
                var output = try TokenSamples.claims(of: token)
                for name in ["iss", "aud", "iat", "exp", "jti", "sub"] {
                    #expect(output.removeValue(forKey: name) != nil)
                }
                let input = try #require(
                    JSONSerialization.jsonObject(with: Data(claims.utf8)) as? [String: Any])
                let expected = try oracle.apply(rule, input) as? [String: Any] ?? [:]
                #expect(Self.canonical(output) == Self.canonical(expected), "\(lines) \(claims)")
            }
        }
    }

    private static func canonical(_ object: [String: Any]) -> String? {
        (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes the tree as one line a path.
    private static func write(_ rule: ModelRule, path: String, output: String?, into lines: inout [String]) {
        let rename = output.map { #", "as": \#(json($0))"# } ?? ""
        let body: String
        switch rule {
        case .keep: body = #"{"keep": {}\#(rename)}"#
        case .drop: body = #""drop""#
        case .mask: body = #"{"mask": {"otherwise": "drop"}\#(rename)}"#
        case .bucket: body = #"{"generalize": {"bucket": 10, "otherwise": "drop"}\#(rename)}"#
        case .pseudonym(let type):
            body = #"{"pseudonym": {"type": "\#(type)", "canonical": "text/1", "otherwise": "drop"}\#(rename)}"#
        case .elements(let inner):
            write(inner, path: path + "[]", output: nil, into: &lines)
            return
        case .members(let members):
            for member in members {
                let quoted = "\"" + member.name.map { "\"\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "\""
                write(
                    member.rule, path: path.isEmpty ? quoted : path + "." + quoted,
                    output: member.output == member.name ? nil : member.output, into: &lines)
            }
            return
        }
        lines.append(json(path) + ": " + body)
    }

    private static func json(_ text: String) -> String {
        "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
    }
}
