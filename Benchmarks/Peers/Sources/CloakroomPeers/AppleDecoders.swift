// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation

/// `pseudonym.*` and `hmac.batch` with swift-crypto: one value a call, as its interface has it.
final class SwiftCryptoHMAC: Peer {
    let key: String
    let name = "swift-crypto"
    let version: String
    private let secret: SymmetricKey
    private let secretBytes: [UInt8]
    private let values: [[UInt8]]

    init(key: String, _ inputs: PeerInputs) {
        self.key = key
        version = PeerVersions.resolved("swift-crypto")
        secretBytes = inputs.first("value-key")
        secret = SymmetricKey(data: secretBytes)
        values = inputs.list("values")
    }

    func run(_ iterations: Int) async throws {
        for index in 0..<iterations {
            blackHole(HMAC<SHA256>.authenticationCode(for: values[index % values.count], using: secret))
        }
    }

    /// RFC 4231 test case 2 shows that the call is what it is taken for.
    func isRight() async -> Bool {
        let tag = HMAC<SHA256>.authenticationCode(
            for: Data("what do ya want for nothing?".utf8), using: SymmetricKey(data: Data("Jefe".utf8)))
        return Array(tag).prefix(4) == [0x5B, 0xDC, 0xC1, 0x46]
    }
}

/// `base64url.decode|encode` with Foundation, over standard base64 with padding: nothing else is read or written by it.
/// A JWT library has to exchange the characters besides; that is not charged here.
final class FoundationBase64: Peer {
    let key: String
    let name = "foundation"
    let version = PeerVersions.toolchain
    private let bytes: Data
    private let text: String
    private let isDecoding: Bool

    init(size: String, isDecoding: Bool, _ inputs: PeerInputs) {
        key = "base64url.\(isDecoding ? "decode" : "encode")/\(size)"
        self.isDecoding = isDecoding
        bytes = Data(inputs.first("segment.\(size)"))
        text = bytes.base64EncodedString()
    }

    func run(_ iterations: Int) async throws {
        for _ in 0..<iterations {
            if isDecoding {
                blackHole(Data(base64Encoded: text)?.count)
            } else {
                blackHole(bytes.base64EncodedString().utf8.count)
            }
        }
    }

    func isRight() async -> Bool { Data(base64Encoded: text) == bytes }
}

/// `json.claims` with `JSONDecoder` into a struct, or with `JSONSerialization` into dictionaries.
final class FoundationJSON: Peer {
    private struct Claims: Decodable {
        let exp: Double
        let iat: Double?
        let iss: String
        let sub: String?
        let aud: Audience?
    }

    private enum Audience: Decodable {
        case one(String)
        case many([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .one(text)
            } else {
                self = .many(try container.decode([String].self))
            }
        }
    }

    let key: String
    let name: String
    let version = PeerVersions.toolchain
    private let payloads: [Data]
    private let isSerialization: Bool

    init(corpus: String, isSerialization: Bool, _ inputs: PeerInputs) {
        key = "json.claims/\(corpus)"
        name = isSerialization ? "foundation-serialization" : "foundation"
        self.isSerialization = isSerialization
        payloads = inputs.list("payload.\(corpus)").map { Data($0) }
    }

    func run(_ iterations: Int) async throws {
        let decoder = JSONDecoder()
        for index in 0..<iterations {
            let payload = payloads[index % payloads.count]
            if isSerialization {
                let object = try JSONSerialization.jsonObject(with: payload) as? [String: Any]
                blackHole(object?["exp"] as? Double)
            } else {
                blackHole(try decoder.decode(Claims.self, from: payload).exp)
            }
        }
    }

    func isRight() async -> Bool { (try? await run(payloads.count)) != nil }
}

/// Versions that are known only from the outside.
enum PeerVersions {
    static let toolchain = "of the toolchain"

    /// The version that the package manager resolved, from the file beside the manifest; "resolved" when it is not there.
    static func resolved(_ package: String) -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Package.resolved").standardized
        guard let data = try? Data(contentsOf: file),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let pins = object["pins"] as? [[String: Any]],
            let pin = pins.first(where: { $0["identity"] as? String == package }),
            let state = pin["state"] as? [String: Any], let version = state["version"] as? String
        else { return "resolved" }
        return version
    }
}
