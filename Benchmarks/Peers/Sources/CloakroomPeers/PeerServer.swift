// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Answers the benchmark's requests, one line each, until standard input ends.
struct PeerServer {
    private let peers: [any Peer]
    private let timers: [PeerTimer]

    init(_ peers: [any Peer]) {
        self.peers = peers
        timers = peers.map { PeerTimer($0) }
    }

    func serve() async {
        while let line = readLine() {
            let words = line.split(separator: " ")
            switch words.first {
            case "list":
                for (number, peer) in peers.enumerated() {
                    answer("\(number)\t\(peer.key)\t\(peer.name)\t\(peer.version)")
                }
                answer("end")
            case "check":
                guard let number = number(words) else { return answer("unknown") }
                answer(await peers[number].isRight() ? "right" : "wrong")
            case "sample":
                guard let number = number(words), words.count == 3, let nanoseconds = UInt64(words[2]) else {
                    return answer("unknown")
                }
                let samples = (try? await timers[number].sample(nanoseconds: nanoseconds)) ?? []
                answer(samples.map { String($0) }.joined(separator: " "))
            default:
                answer("unknown")
            }
        }
    }

    private func number(_ words: [Substring]) -> Int? {
        guard words.count > 1, let number = Int(words[1]), peers.indices.contains(number) else { return nil }
        return number
    }

    private func answer(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
