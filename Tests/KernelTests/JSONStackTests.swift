// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import CDispatch
import Glibc
import TestSupport
import Testing

/// What a thread with a small stack does: every document with every kernel. The thread alone touches it while it runs.
@safe private final class StackWork {
    let documents: [[UInt8]]
    let capacity: Int
    let limits: ctk_json_limits
    var statuses: [UInt32] = []
    private let nodes: UnsafeMutablePointer<ctk_json_node>

    init(_ documents: [[UInt8]], _ limits: ctk_json_limits) {
        self.documents = documents
        self.limits = limits
        capacity = documents.map { ctk_json_capacity($0.count) }.max() ?? 0
        unsafe nodes = .allocate(capacity: capacity)
    }

    deinit { unsafe nodes.deallocate() }

    func run() {
        var index = 0
        // SAFETY: the table is static and ends with NULL; the nodes have room for `capacity` of them.
        while let kernel = unsafe ctk_json_kernel_at(index) {
            for document in documents {
                let result = unsafe kernel.pointee.index(document, document.count, limits, nodes, capacity)
                statuses.append(result.status)
            }
            index += 1
        }
    }

    /// Runs it on a thread with a stack of `byteCount` bytes. False when there is no such thread.
    func run(stackByteCount byteCount: Int) -> Bool {
        var attributes = pthread_attr_t()
        var thread = pthread_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_setstacksize(&attributes, byteCount) == 0 else { return false }
        // SAFETY: the thread is joined before this call returns, so `self` outlives it.
        let start = unsafe pthread_create(
            &thread, &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<StackWork>.fromOpaque(context).takeUnretainedValue().run()
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        return start == 0 && pthread_join(thread, nil) == 0
    }
}

@Suite struct JSONStackTests {
    private static func repeated(_ text: String, _ byteCount: Int, before: String = "", after: String = "") -> [UInt8] {
        let count = (byteCount - before.utf8.count - after.utf8.count) / text.utf8.count
        return Array((before + String(repeating: text, count: count) + after).utf8)
    }

    private static func object(memberCount: Int) -> [UInt8] {
        var text = "{\"m\":0"
        for number in 0..<memberCount { text += ",\"m\(number)\":0" }
        return Array((text + "}").utf8)
    }

    /// Documents of about `count` bytes that take the most of each memory, valid or not.
    private static func documents(about count: Int) -> [[UInt8]] {
        let elements = ["0,", "[],", "{\"\":0},", "\"\","]
        let arrays: [[UInt8]] = elements.map { repeated($0, count, before: "[", after: "0]") }
        let strings: [[UInt8]] = ["é", "\\u00e9", "x"].map { repeated($0, count, before: "[\"", after: "\"]") }
        let openings: [[UInt8]] = ["[", "{\"\":", "\"", "{\"a\":1,\"b\":["].map { repeated($0, count) }
        let inner = String(decoding: object(memberCount: min(count, 16_384) / 12), as: UTF8.self)
        let before = String(repeating: "{\"a\":", count: 62), after = String(repeating: "}", count: 62)
        let deep = String(repeating: "[", count: 255) + String(repeating: "]", count: 255)
        return arrays + strings + openings + [object(memberCount: min(count, 16_384) / 9), object(memberCount: 250)]
            + [Array((before + inner + after).utf8), Array(deep.utf8)]
    }

    /// Both ends of each size class.
    private static let documents: [[UInt8]] = [4096, 4097, 16_384, 16_385, 60_000].flatMap(documents(about:))

    @Test("T80: the deepest and the widest documents on a stack of 64 KiB, in every kernel") func smallStack() {
        for limits in [ctk_json_limits.open, .token] {
            let here = StackWork(Self.documents, limits)
            let there = StackWork(Self.documents, limits)
            here.run()
            #expect(there.run(stackByteCount: 65_536))
            #expect(here.statuses == there.statuses)
            #expect(here.statuses.contains(CTK_JSON_OK.rawValue))
        }
    }

    @Test("The memory behind the nodes: capacities around those that the kernels need") func capacities() {
        let kernels = JSONKernels()
        defer { kernels.free() }
        for bytes in Self.documents {
            for least in [bytes.count / 2 + 40, ctk_json_capacity(bytes.count)] {
                for capacity in [least - 1, least, least + 1] where capacity <= 40_000 {
                    #expect(kernels.agree(bytes, capacity: capacity))
                }
            }
        }
    }

    @Test("No write behind the capacity, at the least one that suffices") func room() {
        let stride = MemoryLayout<ctk_json_node>.stride
        let memory = GuardedMemory(byteCountMin: 60_000 * stride)
        for bytes in Self.documents {
            for capacity in [bytes.count / 2 + 40, ctk_json_capacity(bytes.count)] {
                var index = 0
                // SAFETY: room for `capacity` nodes at the end of the memory; the kernels' table ends with NULL.
                while let kernel = unsafe ctk_json_kernel_at(index)?.pointee {
                    let room = unsafe memory.room(capacity * stride, .back(0))
                    _ = unsafe room.withMemoryRebound(to: ctk_json_node.self, capacity: capacity) {
                        unsafe kernel.index(bytes, bytes.count, .open, $0, capacity)
                    }
                    #expect(memory.canariesLive(capacity * stride, .back(0)))
                    index += 1
                }
            }
        }
    }
}
