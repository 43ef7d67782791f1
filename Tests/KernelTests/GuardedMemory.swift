// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where a range lies between the two unreadable pages.
enum Placement: Sendable {
    /// `offset` bytes after the first readable byte.
    case front(Int)
    /// Its end is `offset` bytes before the first unreadable byte.
    case back(Int)
}

/// Some pages with an unreadable page before and after them: one byte too far on either side is a fault.
/// Safe to use: every range is checked against the readable bytes, and the pointers stay inside.
@safe final class GuardedMemory {
    private static let canary: UInt8 = 0xA5
    private static let canaryByteCountMax = 64
    private let mapping: UnsafeMutableRawPointer
    private let mappingByteCount: Int
    /// The first readable byte.
    private let base: UnsafeMutablePointer<UInt8>
    /// The readable bytes.
    let byteCount: Int

    /// Traps when the system has no memory: there is no test without it.
    init(byteCountMin: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        byteCount = (byteCountMin + page - 1) / page * page
        mappingByteCount = byteCount + 2 * page
        // SAFETY: a fresh private mapping of mappingByteCount bytes that this object owns until deinit; the two
        // protected pages are its first and its last, and base has byteCount readable bytes between them.
        let pages = unsafe mmap(nil, mappingByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages = unsafe pages, unsafe pages != MAP_FAILED else { preconditionFailure("no memory for a test") }
        unsafe mapping = pages
        unsafe base = (pages + page).assumingMemoryBound(to: UInt8.self)
        let front = unsafe mprotect(pages, page, PROT_NONE)
        let back = unsafe mprotect(pages + page + byteCount, page, PROT_NONE)
        precondition(front == 0 && back == 0, "no guard pages for a test")
    }

    deinit {
        // SAFETY: the mapping is this object's own and no pointer into it outlives the object.
        unsafe _ = munmap(mapping, mappingByteCount)
    }

    private func start(_ count: Int, _ placement: Placement) -> Int {
        let start =
            switch placement {
            case .front(let offset): offset
            case .back(let offset): byteCount - offset - count
            }
        precondition(start >= 0 && start + count <= byteCount, "a test's range is outside its memory")
        return start
    }

    /// Copies bytes to a place and returns their address, valid while this object lives.
    func put(_ bytes: [UInt8], _ placement: Placement) -> UnsafeMutablePointer<UInt8> {
        // SAFETY: start() checks that the range lies in the readable bytes.
        let place = unsafe base + start(bytes.count, placement)
        unsafe bytes.withUnsafeBufferPointer { source in
            if let first = source.baseAddress { unsafe place.update(from: first, count: bytes.count) }
        }
        return unsafe place
    }

    /// A place for `count` bytes of output with canaries on both sides, as far as the pages allow.
    func room(_ count: Int, _ placement: Placement) -> UnsafeMutablePointer<UInt8> {
        let start = start(count, placement)
        let from = max(0, start - Self.canaryByteCountMax)
        let to = min(byteCount, start + count + Self.canaryByteCountMax)
        // SAFETY: 0 <= from <= to <= byteCount.
        unsafe (base + from).update(repeating: Self.canary, count: to - from)
        return unsafe base + start
    }

    /// The `count` bytes at a place.
    func bytes(_ count: Int, _ placement: Placement) -> [UInt8] {
        // SAFETY: start() checks that the range lies in the readable bytes.
        unsafe Array(UnsafeBufferPointer(start: base + start(count, placement), count: count))
    }

    /// Whether the canaries around a place that `room` gave are untouched.
    func canariesLive(_ count: Int, _ placement: Placement) -> Bool {
        let start = start(count, placement)
        let around = [
            max(0, start - Self.canaryByteCountMax)..<start,
            (start + count)..<min(byteCount, start + count + Self.canaryByteCountMax),
        ]
        // SAFETY: both ranges lie in 0..<byteCount.
        return around.allSatisfy { range in range.allSatisfy { unsafe base[$0] == Self.canary } }
    }
}
