// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import TestSupport
import Testing
import TokenCrypto

@Suite("RandomBytes")
struct RandomBytesTests {
    /// A source that counts its calls, fills with the call's number, and fails where `failing` says so.
    final class Source: Sendable {
        let calls = Atomic<Int>(0)
        let failing: Set<Int>
        init(failing: Set<Int> = []) { self.failing = failing }
        var function: RandomSource {
            { span in
                let call = self.calls.add(1, ordering: .relaxed).newValue
                guard !self.failing.contains(call) else { return false }
                for i in 0..<span.count { span[i] = UInt8(truncatingIfNeeded: call) }
                return true
            }
        }
    }

    func take(_ count: Int, _ random: inout RandomBytes) throws(RandomnessError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        try random.fill(&span)
        return bytes
    }

    @Test("4 KiB are drawn at a time and each byte is given once")
    func draws() throws {
        let source = Source()
        var random = RandomBytes(source: source.function)
        for _ in 0..<256 { #expect(try take(16, &random) == [UInt8](repeating: 1, count: 16)) }
        #expect(source.calls.load(ordering: .relaxed) == 1)
        #expect(try take(10, &random) == [UInt8](repeating: 2, count: 10))
        #expect(try take(4096, &random).count == 4096)
        #expect(source.calls.load(ordering: .relaxed) == 3)
        #expect(try take(5000, &random) == [UInt8](repeating: 4, count: 5000))
    }

    @Test("a failed refill is an error, nothing stale is given, and the next call tries again")
    func fails() throws {
        let source = Source(failing: [2])
        var random = RandomBytes(source: source.function)
        _ = try take(4090, &random)
        #expect(throws: RandomnessError.unavailable) { _ = try self.take(16, &random) }
        #expect(try take(16, &random) == [UInt8](repeating: 3, count: 16))
    }

    @Test("T53, T75: a child of fork drops the buffer, its parent keeps it")
    func forks() throws {
        let source = Source()
        var random = RandomBytes(source: source.function)
        #expect(try take(16, &random) == [UInt8](repeating: 1, count: 16))
        let child = fork()
        if child == 0 {
            // In the child: the source is asked again, for the second time. Its answer is the exit status.
            var byte: InlineArray<1, UInt8> = [0]
            var span = byte.mutableSpan
            do throws(RandomnessError) { try random.fill(&span) } catch { _exit(99) }
            _exit(Int32(byte[0]))
        }
        var status: Int32 = 0
        #expect(child > 0 && (unsafe waitpid(child, &status, 0)) == child)
        #expect(status == 2 << 8)
        #expect(try take(16, &random) == [UInt8](repeating: 1, count: 16))
    }

    @Test("T87: OpenSSL's generator gives distinct values")
    func distinct() throws {
        var random = RandomBytes()
        var seen: Set<[UInt8]> = []
        for _ in 0..<2000 { seen.insert(try take(16, &random)) }
        #expect(seen.count == 2000)
    }
}
