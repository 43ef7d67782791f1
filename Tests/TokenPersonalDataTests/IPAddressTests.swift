import TestSupport
// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData

@Suite struct IPAddressTests {
    @Test(
        "ip/1 accepts",
        arguments: [
            ("192.0.2.7", "c0000207"), (" 0.0.0.0\t", "00000000"), ("255.255.255.255", "ffffffff"),
            ("::", "00000000000000000000000000000000"), ("::1", "00000000000000000000000000000001"),
            ("1::", "00010000000000000000000000000000"), ("2001:db8::1", "20010db8000000000000000000000001"),
            ("2001:DB8:0:0:0:0:0:1", "20010db8000000000000000000000001"),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", "20010db8000000000000000000000001"),
            ("1:2:3:4:5:6:7::", "00010002000300040005000600070000"),
            ("::2:3:4:5:6:7:8", "00000002000300040005000600070008"),
            ("1:2:3:4:5:6:192.0.2.7", "000100020003000400050006c0000207"),
            ("64:ff9b::192.0.2.7", "0064ff9b0000000000000000c0000207"),
            ("::192.0.2.7", "000000000000000000000000c0000207"),
            ("::ffff:192.0.2.7", "c0000207"), ("::FFFF:c000:207", "c0000207"), ("0:0:0:0:0:ffff:192.0.2.7", "c0000207"),
        ])
    func accepts(_ value: String, _ expected: String) {
        #expect(canonical(.ip(cut: nil), value) == .success(hex(expected)))
    }

    @Test(
        "ip/1 refuses",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3", "256.0.0.1", "01.2.3.4", "1.2.3.004",
            "1.2.3.0x4",
            "1.2.3.4/24", "1.2.3.4:80", "3232235777", "0x7f.1", "1.2.3. 4", "\u{661}.2.3.4", ":", ":::", "1:::2",
            "1::2::3",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:",
            ":1:2:3:4:5:6:7",
            "12345::", "g::", "::1%eth0", "fe80::1%25eth0", "[::1]", "::1/128", "1:2:3:4:5:6:7:192.0.2.7", "::192.0.2",
            "::192.0.2.07", "192.0.2.7::", "::ffff:192.0.2.7:1", "::1 ::2", "2001:db8::1\u{0}",
        ])
    func refuses(_ value: String) {
        #expect(canonical(.ip(cut: nil), value) == .failure(.ipAddress))
    }

    @Test("cuts, folding first")
    func cuts() throws {
        func cut(_ value: String, _ four: Int, _ six: Int) throws -> String {
            let cut = try #require(IPCut(v4BitCount: four, v6BitCount: six))
            return try canonical(.ip(cut: cut), value).get().hexText
        }
        #expect(try cut("192.0.2.77", 24, 48) == "c0000200")
        #expect(try cut("::ffff:192.0.2.77", 24, 48) == "c0000200")
        #expect(try cut("192.0.2.77", 0, 0) == "00000000")
        #expect(try cut("192.0.2.77", 32, 0) == "c000024d")
        #expect(try cut("255.255.255.255", 9, 0) == "ff800000")
        let six = "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
        #expect(try cut(six, 24, 48) == "20010db8ffff00000000000000000000")
        #expect(try cut(six, 24, 0) == "00000000000000000000000000000000")
        #expect(try cut(six, 24, 63) == "20010db8fffffffe0000000000000000")
        #expect(try cut(six, 24, 64) == "20010db8ffffffff0000000000000000")
        #expect(try cut(six, 24, 65) == "20010db8ffffffff8000000000000000")
        #expect(try cut(six, 24, 128) == "20010db8ffffffffffffffffffffffff")
        for (four, six) in [(-1, 0), (33, 0), (0, -1), (0, 129)] {
            #expect(IPCut(v4BitCount: four, v6BitCount: six) == nil)
        }
    }
}
