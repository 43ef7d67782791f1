// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData

@Suite struct PseudonymScopeTests {
    @Test(
        "the sector of an audience",
        arguments: [
            ("https://orders.internal.example", "host:orders.internal.example"),
            ("HTTPS://Orders.Internal.Example/path?q#f", "host:orders.internal.example"),
            ("http://orders.internal.example:8080", "host:orders.internal.example"),
            ("https://user:pass@orders.internal.example:443/x@y", "host:orders.internal.example"),
            ("https://a@b@orders.example", "host:orders.example"),
            ("https://orders.example?x=a@b", "host:orders.example"),
            ("https://orders.example#a@b", "host:orders.example"), ("https://orders.example:", "host:orders.example"),
            ("https://192.0.2.1/x", "host:192.0.2.1"), ("https://[2001:DB8::1]:8443/", "host:[2001:db8::1]"),
            ("orders", "text:orders"), ("Orders", "text:Orders"), (" orders ", "text: orders "),
            ("api://Orders", "text:api://Orders"), ("urn:x:orders.example", "text:urn:x:orders.example"),
            ("https://", "text:https://"), ("https:///path", "text:https:///path"), ("https://@/", "text:https://@/"),
            ("https://m\u{FC}nchen.example", "text:https://m\u{FC}nchen.example"),
            ("https://a%2Eb", "text:https://a%2Eb"), ("https://a b", "text:https://a b"),
            ("https://host:80a", "text:https://host:80a"), ("https://[::1", "text:https://[::1"),
            ("https://[]/", "text:https://[]/"), ("https://a\\b", "text:https://a\\b"),
            ("ftp://orders.example", "text:ftp://orders.example"),
            ("https:orders.example", "text:https:orders.example"),
        ])
    func sector(_ audience: String, _ expected: String) throws {
        #expect(try PseudonymSector(audience: audience).bytes == Array(expected.utf8))
    }

    @Test("several audiences: one sector after removing doubles, else an error")
    func several() throws {
        let one = try PseudonymSector(audiences: ["https://A.example/x", "http://a.example:8080"])
        #expect(one.bytes == Array("host:a.example".utf8))
        #expect(throws: PseudonymKeyError.sector) {
            try PseudonymSector(audiences: ["https://a.example", "https://b.example"])
        }
        #expect(throws: PseudonymKeyError.sector) {
            try PseudonymSector(audiences: ["a.example", "https://a.example"])
        }
        #expect(throws: PseudonymKeyError.sector) { try PseudonymSector(audiences: []) }
        #expect(throws: PseudonymKeyError.emptyName) { try PseudonymSector(audiences: [""]) }
        #expect(throws: PseudonymKeyError.emptyName) { try PseudonymSector(named: "") }
        #expect(try PseudonymSector(named: "Shop").bytes == Array("Shop".utf8))
    }
}
