// SPDX-License-Identifier: Apache-2.0
import CTokenKernels
import TestSupport
import Testing

/// One set of the prefilters for running text.
struct ScrubKernel: Sendable, CustomTestStringConvertible {
    let index: Int
    let name: String
    var testDescription: String { name }

    static let all: [ScrubKernel] = {
        var found: [ScrubKernel] = []
        // SAFETY: the records and their names are static.
        while let kernel = unsafe ctk_scrub_kernel_at(found.count) {
            found.append(ScrubKernel(index: found.count, name: unsafe String(cString: kernel.pointee.info.name)))
        }
        return found
    }()

    func anchors(_ table: ctk_anchor_table, _ text: [UInt8], from: Int, capacity: Int, _ source: UnsafePointer<UInt8>)
        -> (offsets: [UInt32], next: Int)
    {
        var table = table
        var out = [UInt32](repeating: .max, count: capacity)
        var next = 0
        // SAFETY: the text has text.count bytes, and the result has room for `capacity` offsets.
        let count = unsafe out.withUnsafeMutableBufferPointer {
            unsafe ctk_scrub_kernel_at(index)?.pointee.anchors(
                &table, source, text.count, from, $0.baseAddress, capacity, &next) ?? 0
        }
        return (Array(out[..<count]), next)
    }

    func personal(_ text: [UInt8], from: Int, kinds: UInt32, capacity: Int, _ source: UnsafePointer<UInt8>)
        -> (anchors: [ctk_personal_anchor], next: Int)
    {
        var out = [ctk_personal_anchor](repeating: ctk_personal_anchor(), count: capacity)
        var next = 0
        // SAFETY: the text has text.count bytes, and the result has room for `capacity` anchors.
        let count = unsafe out.withUnsafeMutableBufferPointer {
            unsafe ctk_scrub_kernel_at(index)?.pointee.personal(
                source, text.count, from, kinds, $0.baseAddress, capacity, &next) ?? 0
        }
        return (Array(out[..<count]), next)
    }

    func run(_ text: [UInt8], from: Int, _ source: UnsafePointer<UInt8>) -> Int {
        // SAFETY: the text has text.count bytes.
        unsafe ctk_scrub_kernel_at(index)?.pointee.run(source, text.count, from) ?? -1
    }
}

@Suite("Prefilters for running text")
struct ScrubKernelTests {
    let input = GuardedMemory(byteCountMin: 8192)

    /// Anchors `ab[cd]` in bucket 0 and `zz9` in bucket 5.
    static let table: ctk_anchor_table = {
        var table = ctk_anchor_table()
        for (bit, bytes) in [(UInt8(1), ["a", "b", "cd"]), (UInt8(32), ["z", "z", "9"])] {
            for (place, set) in bytes.enumerated() {
                for byte in set.utf8 {
                    // SAFETY: the tables are 48 bytes each.
                    unsafe withUnsafeMutableBytes(of: &table.low) { unsafe $0[place * 16 + Int(byte & 15)] |= bit }
                    unsafe withUnsafeMutableBytes(of: &table.high) { unsafe $0[place * 16 + Int(byte >> 4)] |= bit }
                }
            }
        }
        return table
    }()

    private static func isAnchor(_ text: [UInt8], _ i: Int) -> Bool {
        let three = Array(text[i..<i + 3])
        return [Array("abc".utf8), Array("abd".utf8), Array("zz9".utf8)].contains(three)
    }

    @Test("T93 anchors: every length, dense and rare, beside an unreadable page", arguments: ScrubKernel.all)
    func anchors(kernel: ScrubKernel) {
        var generator = SeededGenerator(seed: 21)
        let letters = Array("abcdz9abab\u{E1}".utf8)
        for length in 0...700 {
            let isDense = length % 3 == 0
            let text = (0..<length).map { _ in
                isDense ? letters[Int(generator.next() % UInt64(letters.count))] : UInt8(generator.next() % 256)
            }
            let from = length == 0 ? 0 : Int(generator.next() % UInt64(length)) / 4
            let expected = (from..<max(from, length - 2)).filter { Self.isAnchor(text, $0) }.map { UInt32($0) }
            // SAFETY: the text has text.count bytes while `input` lives.
            let source = unsafe input.put(text, length % 2 == 0 ? .back(0) : .front(length % 64))
            let found = unsafe kernel.anchors(Self.table, text, from: from, capacity: 1_024, source)
            #expect(found.offsets == expected, "\(length)")
            #expect(found.next == max(from, length - 2))
            // In pieces, as the list of a caller fills.
            var pieces: [UInt32] = []
            var next = from
            while next < length - 2 {
                let piece = unsafe kernel.anchors(Self.table, text, from: next, capacity: 64, source)
                pieces += piece.offsets
                guard piece.next > next else { break }
                next = piece.next
            }
            #expect(pieces == expected, "\(length) in pieces")
        }
    }

    @Test("Runs of base64url characters end where they end", arguments: ScrubKernel.all)
    func runs(kernel: ScrubKernel) {
        let members = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min...UInt8.max {
            for length in [1, 31, 32, 33, 63, 64, 65, 130] {
                var text = [UInt8](repeating: UInt8(ascii: "Q"), count: length)
                text[length - 1] = byte
                // SAFETY: the text has text.count bytes while `input` lives.
                let source = unsafe input.put(text, .back(0))
                for from in Set([0, length / 2, length - 1, length]) {
                    let end = from < length && !members.contains(byte) ? length - 1 : length
                    let found = unsafe kernel.run(text, from: from, source)
                    #expect(found == end)
                }
            }
        }
    }

    @Test("Personal anchors: all kernels agree with the scalar one", arguments: ScrubKernel.all)
    func personal(kernel: ScrubKernel) throws {
        let scalar = try #require(ScrubKernel.all.last)
        var generator = SeededGenerator(seed: 22)
        let parts = [
            "203.0.113.7", "a@b.example", "%40", "2001:db8::1", "1:2:3:4:5:6:7:8", "4111 1111 1111 1111",
            "4111111111111111", "DE89 3704 0044", "GB82WEST12345698765432", "123-45-6789", "+49 30 1234567",
            "(212) 555-0100", "212-555-0100", "00:17:15", "2026-11-25", "::", "x", " ", "\n", "1.2.3", "\u{E9}", "-",
        ]
        for round in 0..<400 {
            var text: [UInt8] = []
            for _ in 0..<Int(generator.next() % 30) {
                text += Array(parts[Int(generator.next() % UInt64(parts.count))].utf8)
            }
            let from = text.isEmpty ? 0 : Int(generator.next() % UInt64(text.count)) / 3
            // SAFETY: the text has text.count bytes while `input` lives.
            let source = unsafe input.put(text, round % 2 == 0 ? .back(0) : .front(round % 64))
            let a = unsafe kernel.personal(text, from: from, kinds: 127, capacity: 4_096, source)
            let b = unsafe scalar.personal(text, from: from, kinds: 127, capacity: 4_096, source)
            #expect(a.anchors.map(\.offset) == b.anchors.map(\.offset))
            #expect(a.anchors.map(\.kinds) == b.anchors.map(\.kinds))
            #expect(a.next == b.next && a.next == max(from, text.count))
            let email = UInt32(CTK_PERSONAL_EMAIL)
            let ats = unsafe kernel.personal(text, from: from, kinds: email, capacity: 4_096, source)
            #expect(ats.anchors.allSatisfy { text[Int($0.offset)] == 0x40 || text[Int($0.offset)] == 0x25 })
        }
    }

    @Test("Personal anchors stand where the values start", arguments: ScrubKernel.all)
    func personalPlaces(kernel: ScrubKernel) {
        let rows: [(String, Int, UInt32)] = [
            ("a@b", 1, UInt32(CTK_PERSONAL_EMAIL)), ("+4930123", 0, UInt32(CTK_PERSONAL_PHONE)),
            ("(212) 555", 0, UInt32(CTK_PERSONAL_PHONE)), ("212-555-0100", 0, UInt32(CTK_PERSONAL_PHONE)),
            ("4111111111111111", 0, UInt32(CTK_PERSONAL_CARD)), ("4111 1111 1111 1111", 0, UInt32(CTK_PERSONAL_CARD)),
            ("3782-822463-10005", 0, UInt32(CTK_PERSONAL_CARD)), ("DE89370400", 0, UInt32(CTK_PERSONAL_IBAN)),
            ("DE89 3704 0044", 0, UInt32(CTK_PERSONAL_IBAN)), ("123-45-6789", 0, UInt32(CTK_PERSONAL_SSN)),
            ("192.0.2.1", 3, UInt32(CTK_PERSONAL_IPV4)), ("1.2.3.4", 1, UInt32(CTK_PERSONAL_IPV4)),
            ("2001:db8::1", 8, UInt32(CTK_PERSONAL_IPV6)), ("1:2:3:4:5:6:7:8", 1, UInt32(CTK_PERSONAL_IPV6)),
        ]
        for (value, place, kind) in rows {
            for shift in 0...130 {
                let text = Array((String(repeating: " ", count: shift) + value + " ").utf8)
                // SAFETY: the text has text.count bytes while `input` lives.
                let source = unsafe input.put(text, .back(0))
                let found = unsafe kernel.personal(text, from: 0, kinds: kind, capacity: 256, source)
                #expect(found.anchors.contains { Int($0.offset) == shift + place && $0.kinds == kind }, "\(value) \(shift)")
            }
        }
    }
}
