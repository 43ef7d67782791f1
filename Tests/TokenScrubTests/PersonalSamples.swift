// SPDX-License-Identifier: Apache-2.0

/// Lines with personal data in them, and what is left of them when each value becomes `[kind]`.
enum PersonalSamples {
    static let lines: [(text: String, left: String)] = [
        ("from jane.doe@example.com ok", "from [email] ok"),
        ("From: Jane <jane@example.com>,", "From: Jane <[email]>,"),
        ("mailto:jane@example.com?x=1", "mailto:[email]?x=1"),
        ("user=jane%40example.com&x", "user=[email]&x"),
        ("q=%22jane%2Bx%40example.com%22", "q=%22[email]%22"),
        ("sent to jane@example.com.", "sent to [email]."),
        ("{\"email\":\"jane@b\u{FC}cher.example\"}", "{\"email\":\"[email]\"}"),
        (#"{"m":"a\njane@example.com\u003c"}"#, #"{"m":"a\n[email]\u003c"}"#),
        (#"{"m":"\u003cjane@example.com\u003e"}"#, #"{"m":"\u003c[email]\u003e"}"#),
        ("a@example.com,b@example.com", "[email],[email]"),
        ("call +49 30 123456 now", "call [phone] now"),
        ("tel:+1-202-555-0143;", "tel:[phone];"),
        ("to +4930123456 2026-11-25", "to [phone] 2026-11-25"),
        ("phone=%2B493012345678&x", "phone=[phone]&x"),
        ("(212) 555-0143 or (212)555-0143", "[phone] or [phone]"),
        ("212-555-0143, 212.555.0143", "[phone], [phone]"),
        ("1-212-555-0143 001-212-555-0143x123", "[phone] [phone]"),
        ("+1-944-435-4352x04732 mobile", "[phone] mobile"),
        ("card 4111111111111111 ok", "card [card] ok"),
        ("card 4111 1111 1111 1111 12/27", "card [card] 12/27"),
        ("card=4111-1111-1111-1111;", "card=[card];"),
        ("amex 3782 822463 10005.", "amex [card]."),
        ("iban DE89370400440532013000 ok", "iban [iban] ok"),
        ("iban GB82 WEST 1234 5698 7654 32 ok", "iban [iban] ok"),
        ("ssn 123-45-6789,", "ssn [ssn],"),
        ("203.0.113.7 - - [x]", "[ip] - - [x]"),
        ("http://203.0.113.7:8080/x 203.0.113.8:443", "http://[ip]:8080/x [ip]:443"),
        ("host/203.0.113.7:8080 (203.0.113.9).", "host/[ip]:8080 ([ip])."),
        ("x-forwarded-for=203.0.113.7,198.51.100.3", "x-forwarded-for=[ip],[ip]"),
        ("from 2001:db8::8a2e:370:7334 port 5", "from [ip] port 5"),
        ("[2001:db8:0:1:1:1:1:1]:443 fe80::1%eth0", "[[ip]]:443 [ip]%eth0"),
        ("from 2001:db8::7: closed", "from [ip]: closed"),
    ]

    /// Text of logs that looks like personal data and is none.
    static let negatives: [String] = [
        "2026-11-25T00:17:15.123456Z", "[25/Nov/2026:00:17:15 +0000]", "00:17:15 +01:00", "127.0.0.1:80 0.0.0.0 ::1 ::",
        "Chrome/120.0.0.0 Safari/537.36", "version 1.22.3.4", "v1.2.3.4", "1.2.3.4.5", "1.2.3.4-beta", "10.1.2.0/24",
        "256.1.1.1", "01.2.3.4", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "550e8400-e29b-41d4-a716-446655440000",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "java.lang.Object@1a2b3c4d", "@Override",
        "std::vector<std::string>::push_back", "core::fmt::Debug", "aa:bb:cc:dd:ee:ff", "12:34:56", "a::b", "Face::dead",
        "1700000000000", "1700000000000000000", "0.4111111111111111", "id=4111111111111112", "4111111111111111a",
        "304 12 4096", "200 15 1024", "000-12-3456", "666-12-3456", "123-45-67890", "+1000", "a+12345678",
        "x=+5", "1+1=2", "(200) ok", "200-300-400", "123-456-7890", "112.233.4455", "DE00370400440532013000", "AB12CD34",
        "XX89370400440532013000", "GB82WEST1234569876543", "user@host", "a@b", "@example.com", "root@localhost:~#",
        "git@github:x/y", "key=l1_k001_4111-11111111111", "p1_k001_uYZ0cX2hVn3mJr5tW8yQ1w", "com.example.a.b.C$1.run(C.java:17)",
        "0x4111111111111111", "4111111111111111.5", "9.4111111111111111", "kernel: [12345.678901] usb 1-1: new",
        "level=info ts=1700000000.123 dur=12.5ms n=123456789012", "pod/api-7d4b9c6f5d-x2x7k", "sha256:0123456789abcdef",
    ]

    static func reduced(_ text: String) -> String {
        text.replacing(/\[(email|phone|card|iban|ssn|ip) fp=l1_k001_[A-Za-z0-9_\-]{16}\]/) { "[\($0.1)]" }
    }
}
