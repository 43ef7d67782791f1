// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Pages between two unreadable ones: a read past either end kills the test process. Safe to hold: the pages live as
/// long as the object.
@safe private final class GuardedPages {
    private let mapping: UnsafeMutableRawPointer
    private let byteCount: Int
    let content: UnsafeMutableBufferPointer<UInt8>

    init?(pageCount: Int) {
        let page = Int(getpagesize())
        byteCount = (pageCount + 2) * page
        // SAFETY: a private mapping of `byteCount` bytes; only the pages between the first and the last are opened.
        guard let start = unsafe mmap(nil, byteCount, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe start != MAP_FAILED
        else { return nil }
        unsafe mapping = start
        let inside = unsafe start + page
        guard unsafe mprotect(inside, pageCount * page, PROT_READ | PROT_WRITE) == 0 else { return nil }
        unsafe content = UnsafeMutableBufferPointer(
            start: inside.bindMemory(to: UInt8.self, capacity: pageCount * page), count: pageCount * page)
    }

    deinit { unsafe _ = munmap(mapping, byteCount) }
}

@Suite struct JSONPageTests {
    /// Whether all kernels agree on `bytes` when they stand `gap` bytes before the end of the pages.
    private func agree(_ kernels: JSONKernels, _ pages: GuardedPages, _ bytes: [UInt8], gap: Int) -> Bool {
        let start = unsafe pages.content.count - bytes.count - gap
        // SAFETY: `start` and the count lie inside the open pages.
        for (index, byte) in bytes.enumerated() { unsafe pages.content[start + index] = byte }
        return unsafe kernels.agree(on: UnsafeBufferPointer(rebasing: pages.content[start..<start + bytes.count]))
    }

    @Test("T32: documents of every length that end at an unreadable page") func lengths() throws {
        let pages = try #require(GuardedPages(pageCount: 2))
        let kernels = JSONKernels()
        defer { kernels.free() }
        for count in 13...300 {
            let bytes = JSONDocuments.claims(byteCount: count)
            #expect(kernels.scalar(bytes).status == 0)
            #expect(agree(kernels, pages, bytes, gap: 0))
            #expect(agree(kernels, pages, Array(bytes.dropLast()), gap: 0))
            #expect(agree(kernels, pages, Array(bytes[..<(count / 2)]), gap: 0))
            for gap in stride(from: count % 7, to: 64, by: 7) { #expect(agree(kernels, pages, bytes, gap: gap)) }
        }
    }

    @Test("T32: prefixes that end at an unreadable page", arguments: JSONDocuments.realistic) func prefixes(
        text: String
    ) throws {
        let pages = try #require(GuardedPages(pageCount: 1))
        let kernels = JSONKernels()
        defer { kernels.free() }
        let bytes = Array(text.utf8)
        for count in 0...bytes.count { #expect(agree(kernels, pages, Array(bytes[..<count]), gap: 0)) }
    }

    @Test("Nodes are written up to the capacity and not beyond") func nodes() throws {
        let pages = try #require(GuardedPages(pageCount: 4))
        let stride = MemoryLayout<ctk_json_node>.stride
        let base = try unsafe #require(pages.content.baseAddress)
        for text in JSONDocuments.realistic {
            let bytes = Array(text.utf8)
            let count = JSONOracle.index(bytes).nodes.count
            for capacity in 0...count {
                var index = 0
                // SAFETY: the last `capacity` nodes of the open pages; the kernels' table ends with NULL.
                while let kernel = unsafe ctk_json_kernel_at(index)?.pointee {
                    let start = unsafe pages.content.count - capacity * stride
                    let result = unsafe kernel.index(
                        bytes, bytes.count, .open,
                        UnsafeMutableRawPointer(base + start).assumingMemoryBound(to: ctk_json_node.self), capacity)
                    #expect(result.status == (capacity == count ? 0 : CTK_JSON_CAPACITY.rawValue))
                    index += 1
                }
            }
        }
    }
}
