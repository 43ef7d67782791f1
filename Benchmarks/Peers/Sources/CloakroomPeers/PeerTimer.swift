// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Times a peer the way the benchmark times the engine: samples of about 40 µs, calibrated once.
final class PeerTimer: @unchecked Sendable {
    // Sendable by hand: one task uses it at a time.
    private let peer: any Peer
    private var iterations = 0

    init(_ peer: any Peer) { self.peer = peer }

    /// Samples in nanoseconds an operation for about `nanoseconds`.
    func sample(nanoseconds: UInt64) async throws -> [Double] {
        if iterations == 0 { try await calibrate() }
        let count = Double(iterations * peer.operationCount)
        var samples: [Double] = []
        let begin = Self.now()
        var before = begin
        repeat {
            try await peer.run(iterations)
            let after = Self.now()
            samples.append(Double(after - before) / count)
            before = after
        } while before - begin < nanoseconds
        return samples
    }

    private func calibrate() async throws {
        let begin = Self.now()
        for _ in 0..<1_000 where Self.now() - begin < 30_000_000 { try await peer.run(1) }
        var tried = 1
        var took = 0.0
        while tried < 1 << 30 {
            let before = Self.now()
            try await peer.run(tried)
            took = Double(Self.now() - before)
            if took > 10_000 { break }
            tried *= 2
        }
        iterations = max(1, Int((40_000 / max(took / Double(tried), 0.1)).rounded(.up)))
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
