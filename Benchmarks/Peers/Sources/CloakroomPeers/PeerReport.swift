// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Times every peer alone and writes the benchmark's result form, each peer's time as a result of its own.
struct PeerReport {
    let peers: [any Peer]

    init(_ peers: [any Peer]) { self.peers = peers }

    func run(json path: String?) async -> Int32 {
        var results: [[String: Any]] = []
        for peer in peers {
            guard await peer.isRight() else {
                FileHandle.standardError.write(Data("peers: \(peer.name) is wrong on \(peer.key)\n".utf8))
                return 70
            }
            guard let samples = try? await PeerTimer(peer).sample(nanoseconds: 100_000_000).sorted() else { return 70 }
            let p50 = samples[samples.count / 2]
            let p99 = samples[min(samples.count - 1, samples.count * 99 / 100)]
            print("\(peer.key)  \(peer.name) \(peer.version)  \(String(format: "%.1f", p50)) ns")
            let key = peer.key.split(separator: "/").map(String.init)
            results.append([
                "name": key[0], "corpus": key[1], "peer": peer.name, "version": peer.version,
                "ns": ["p50": p50, "p99": p99], "per_second": 1e9 / p50,
            ])
        }
        guard let path else { return 0 }
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: ["results": results], options: [.prettyPrinted, .sortedKeys]),
            FileManager.default.createFile(atPath: path, contents: data)
        else { return 74 }
        return 0
    }
}
