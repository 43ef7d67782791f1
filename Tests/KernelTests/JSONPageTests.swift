// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Testing

@Suite struct JSONPageTests {
    private let memory = GuardedMemory(byteCountMin: 4096)

    /// Whether all kernels agree on `bytes` when they stand `gap` bytes before the unreadable page.
    private func agree(_ kernels: JSONKernels, _ bytes: [UInt8], gap: Int) -> Bool {
        let place = unsafe memory.put(bytes, .back(gap))
        // SAFETY: the bytes were just put there, and the memory lives as long as the suite.
        return unsafe kernels.agree(on: UnsafeBufferPointer(start: place, count: bytes.count))
    }

    @Test("T32: documents of every length that end at an unreadable page") func lengths() {
        let kernels = JSONKernels()
        defer { kernels.free() }
        for count in 13...300 {
            let bytes = JSONDocuments.claims(byteCount: count)
            #expect(kernels.scalar(bytes).status == 0)
            #expect(agree(kernels, bytes, gap: 0))
            #expect(agree(kernels, Array(bytes.dropLast()), gap: 0))
            #expect(agree(kernels, Array(bytes[..<(count / 2)]), gap: 0))
            for gap in stride(from: count % 7, to: 64, by: 7) { #expect(agree(kernels, bytes, gap: gap)) }
        }
    }

    @Test("T32: prefixes that end at an unreadable page", arguments: JSONDocuments.realistic) func prefixes(
        text: String
    ) {
        let kernels = JSONKernels()
        defer { kernels.free() }
        let bytes = Array(text.utf8)
        for count in 0...bytes.count { #expect(agree(kernels, Array(bytes[..<count]), gap: 0)) }
    }

    @Test("Nodes are written up to the capacity and not beyond") func nodes() {
        let stride = MemoryLayout<ctk_json_node>.stride
        for text in JSONDocuments.realistic {
            let bytes = Array(text.utf8)
            let count = JSONOracle.index(bytes).nodes.count
            for capacity in 0...count {
                var index = 0
                // SAFETY: room for `capacity` nodes at the end of the memory; the kernels' table ends with NULL.
                while let kernel = unsafe ctk_json_kernel_at(index)?.pointee {
                    let room = unsafe memory.room(capacity * stride, .back(0))
                    let result = unsafe room.withMemoryRebound(to: ctk_json_node.self, capacity: capacity) {
                        unsafe kernel.index(bytes, bytes.count, .open, $0, capacity)
                    }
                    #expect(memory.canariesLive(capacity * stride, .back(0)))
                    #expect(result.status == (capacity == count ? 0 : CTK_JSON_CAPACITY.rawValue))
                    index += 1
                }
            }
        }
    }
}
