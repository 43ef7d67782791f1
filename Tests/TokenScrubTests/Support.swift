// SPDX-License-Identifier: Apache-2.0
import TestSupport
import TokenCrypto
import TokenPersonalData
import TokenScan
import TokenScrub

/// The log key of the tests: bytes 0 to 31 under kid `k001`.
func testKeys() throws -> LogKeys {
    let bytes = (0..<32).map { UInt8($0) }
    let key = try SecretKey(algorithm: .log, keyID: Array("k001".utf8).span, bytes: bytes.span)
    return LogKeys(try SecretKeySet(keys: [key]))
}

/// Scrubs `text`, presented in pieces that end at `cuts`.
func scrub(_ text: [UInt8], cuts: [Int] = [], _ options: ScrubOptions = ScrubOptions()) throws -> [UInt8] {
    var scrubber = LogScrubber(options, keys: try testKeys())
    var output = ByteScratch()
    var start = 0
    for cut in cuts + [text.count] {
        let piece = Array(text[start..<cut])
        scrubber.scrub(piece.span, into: &output)
        start = cut
    }
    scrubber.finish(into: &output)
    return output.array
}

func scrub(_ text: String, _ options: ScrubOptions = ScrubOptions()) throws -> String {
    String(decoding: try scrub(Array(text.utf8), options), as: UTF8.self)
}

func scrub(_ text: [UInt8], _ options: ScrubOptions) throws -> [UInt8] { try scrub(text, cuts: [], options) }

/// Tokens of the tests. The marker stands in every payload, so that a leak shows.
enum Samples {
    static let marker = "LEAKMARKER"

    static func base64(_ text: String) -> String { NaiveBase64URL.encode(text.utf8) }

    static let signature = base64("0123456789abcdef0123456789abcdef")
    static let header = base64(#"{"alg":"HS256","typ":"JWT","kid":"key-1"}"#)
    static let payload = base64(#"{"sub":"LEAKMARKER-7","email":"LEAKMARKER@example.com","exp":1700000000}"#)
    static let pair = "\(header).\(payload)"
    static let jws = "\(pair).\(signature)"
    static let jwe = [
        base64(#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#), base64("LEAKMARKER key"), base64("twelve bytes"),
        base64("LEAKMARKER ciphertext"), base64("sixteen byte tag"),
    ].joined(separator: ".")
    static let directJWE = [
        base64(#"{"alg":"dir","enc":"A256GCM"}"#), "", base64("twelve bytes"), base64("LEAKMARKER ciphertext"),
        base64("sixteen byte tag"),
    ].joined(separator: ".")
    static let disclosure = base64(#"["salt","name","LEAKMARKER"]"#)
    static let sdJWT = "\(jws)~\(disclosure)~\(disclosure)~"
    static let keyBound = sdJWT + "\(base64(#"{"alg":"ES256","typ":"kb+jwt"}"#)).\(base64(#"{"nonce":"x"}"#)).\(signature)"
    static let reference: String = {
        let body = base64("LEAKMARKER reference of 32 bytes")
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body.utf8 {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
        }
        crc = ~crc
        return "r1_" + body + NaiveBase64URL.encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: crc >> $0) })
    }()

    static func wrapped(_ text: String) -> String {
        var text = base64(text)
        while text.utf8.count % 4 != 0 { text += "=" }
        return text
    }

    /// With `dot` in the place of each dot.
    static func dotted(_ dot: String) -> String { jws.split(separator: ".").joined(separator: dot) }

    static func header(_ json: String) -> String { "\(base64(json)).\(payload).\(signature)" }
}

/// One line with tokens in it, and what is left of it when each becomes `#`.
struct Sample: Sendable, CustomStringConvertible {
    let name: String
    let text: [UInt8]
    let left: [UInt8]
    var description: String { name }

    init(_ name: String, _ text: String, _ left: String) {
        self.init(name, Array(text.utf8), Array(left.utf8))
    }

    init(_ name: String, _ text: [UInt8], _ left: [UInt8]) {
        self.name = name
        self.text = text
        self.left = left
    }

    /// The text with every replacement cut down to `#`.
    static func reduced(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            let rest = text[index...]
            if rest.starts(with: Array("[jwt".utf8)) || rest.starts(with: Array("[reference".utf8)),
                let end = rest.firstIndex(of: UInt8(ascii: "]"))
            {
                result.append(UInt8(ascii: "#"))
                index = end + 1
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }
}
