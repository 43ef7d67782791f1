// SPDX-License-Identifier: Apache-2.0
import CPeers
import Foundation

/// intel-ipsec-mb over all values at once.
final class IPSecPeer: Peer, @unchecked Sendable {
    // Sendable by hand: one task uses it at a time.
    let key: String
    let name = "ipsec-mb"
    let version: String
    let operationCount: Int
    private let values: [[UInt8]]
    private let items: FlatItems
    private let tags: UnsafeMutablePointer<UInt8>
    private let base: UnsafeMutablePointer<UInt8>
    private let offsets: UnsafeMutablePointer<UInt32>
    private let handle: OpaquePointer

    init?(key: String, _ inputs: PeerInputs) {
        guard let version = peer_ipsec_version() else { return nil }
        self.key = key
        self.version = String(cString: version)
        values = inputs.list("values")
        items = FlatItems(values)
        operationCount = items.count
        tags = .allocate(capacity: 16 * items.count)
        base = .allocate(capacity: items.bytes.count)
        base.initialize(from: items.bytes, count: items.bytes.count)
        offsets = .allocate(capacity: items.offsets.count)
        offsets.initialize(from: items.offsets, count: items.offsets.count)
        let secret = inputs.first("value-key")
        guard let handle = peer_ipsec_new(secret, secret.count, base, offsets, items.count, tags) else { return nil }
        self.handle = handle
    }

    func run(_ iterations: Int) async throws {
        for _ in 0..<iterations { blackHole(peer_ipsec_run(handle)) }
    }

    func isRight() async -> Bool {
        guard peer_ipsec_run(handle) == items.count else { return false }
        return (0..<items.count).allSatisfy { index in
            let tag = (0..<16).map { tags[16 * index + $0] }
            return tag == KnownHMAC.tag(values[index]).prefix(16).map { $0 }
        }
    }
}

/// simdutf's base64url.
final class SimdutfPeer: Peer {
    let key: String
    let name = "simdutf"
    let version: String
    private let bytes: [UInt8]
    private let text: [UInt8]
    private let copies: [UInt8]
    private let starts: [UInt32]
    private let isDecoding: Bool

    init?(size: String, isDecoding: Bool, _ inputs: PeerInputs) {
        guard let version = peer_simdutf_version(), let kernel = peer_simdutf_kernel() else { return nil }
        key = "base64url.\(isDecoding ? "decode" : "encode")/\(size)"
        self.version = "\(String(cString: version)) (\(String(cString: kernel)))"
        self.isDecoding = isDecoding
        bytes = inputs.first("segment.\(size)")
        let standard = Data(bytes).base64EncodedString()
        text = Array(
            standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
                .replacingOccurrences(of: "=", with: "").utf8)
        var copies: [UInt8] = []
        var starts: [UInt32] = []
        for index in 0..<16 {
            starts.append(UInt32(copies.count))
            copies += (isDecoding ? text : bytes) + [UInt8](repeating: 0, count: 67 + index)
        }
        self.copies = copies
        self.starts = starts
    }

    func run(_ iterations: Int) async throws { blackHole(written(iterations)) }

    private func written(_ iterations: Int) -> [UInt8] {
        let byteCount = isDecoding ? text.count : bytes.count
        return [UInt8](unsafeUninitializedCapacity: max(text.count, bytes.count) + 64) { out, count in
            let target = out.baseAddress
            count =
                isDecoding
                ? peer_simdutf_decode(copies, starts, byteCount, target, iterations)
                : peer_simdutf_encode(copies, starts, byteCount, target, iterations)
            if count == .max { count = 0 }
        }
    }

    func isRight() async -> Bool { written(1) == (isDecoding ? bytes : text) }
}

/// simdjson On-Demand over a corpus of payloads.
final class SimdjsonPeer: Peer, @unchecked Sendable {
    // Sendable by hand: one task uses it at a time.
    let key: String
    let name = "simdjson"
    let version: String
    private let count: Int
    private let handle: OpaquePointer

    init?(corpus: String, _ inputs: PeerInputs) {
        guard let version = peer_simdjson_version(), let kernel = peer_simdjson_kernel() else { return nil }
        key = "json.claims/\(corpus)"
        self.version =
            "\(String(cString: version).replacingOccurrences(of: "\"", with: "")) (\(String(cString: kernel)))"
        let items = FlatItems(inputs.list("payload.\(corpus)"))
        count = items.count
        guard let handle = peer_simdjson_new(items.bytes, items.offsets, items.count) else { return nil }
        self.handle = handle
    }

    func run(_ iterations: Int) async throws { blackHole(peer_simdjson_run(handle, iterations)) }

    func isRight() async -> Bool { peer_simdjson_run(handle, count) > 0 }
}
