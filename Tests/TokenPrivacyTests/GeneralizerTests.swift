// SPDX-License-Identifier: Apache-2.0
import Testing
import TokenPersonalData
import TokenScan

@testable import TokenPrivacy

@Suite("Generalizing: exact results")
struct GeneralizerTests {
    private func apply(_ method: ClaimRule.GeneralizeRule.Method, _ json: String, lower: Bool = false, shift: Int64 = 0)
        throws -> String?
    {
        var index = JSONIndex()
        let bytes = Array("{\"x\":\(json)}".utf8)
        try index.build(bytes.span, limits: ScanLimits())
        var text = ByteScratch()
        let kind = index[1].valueKind
        if kind == .string {
            index.view(bytes.span).appendText(1, to: &text)
        } else {
            text.append(index.view(bytes.span).value(1))
        }
        var out = ByteScratch()
        let rule = ClaimRule.GeneralizeRule(method: method, isLowerBound: lower, dropsOtherwise: false)
        let isWritten = rule.append(kind, text.span, shiftDays: shift, to: &out)
        #expect(isWritten || out.isEmpty)
        return isWritten ? TokenSamples.string(out.span) : nil
    }

    static let dates: [(String, String?, String?, String?)] = [
        (#""1984-05-17""#, #""1984""#, #""1984-05""#, #""1984-05-17""#),
        (#""1984-05""#, #""1984""#, #""1984-05""#, #""1984-05""#),
        (#""0000-02-29""#, #""0000""#, #""0000-02""#, #""0000-02-29""#),
        (#""2024-02-29T23:59:60.123456+05:30""#, #""2024""#, #""2024-02""#, #""2024-02-29""#),
        (#""2024-12-31t00:00:00z""#, #""2024""#, #""2024-12""#, #""2024-12-31""#),
        ("0", "0", "0", "0"),
        ("1800000000", "1798761600", "1798761600", "1799971200"),
        ("253402300799", "253370764800", "253399622400", "253402214400"),
        ("253402300800", nil, nil, nil), ("-1", nil, nil, nil), ("1.5", nil, nil, nil), ("true", nil, nil, nil),
        (#""2023-02-29""#, nil, nil, nil), (#""2023-13-01""#, nil, nil, nil), (#""2023-00-01""#, nil, nil, nil),
        (#""2023-04-31""#, nil, nil, nil), (#""1900-02-29""#, nil, nil, nil), (#""20230401""#, nil, nil, nil),
        (#""2023-04-01 10:00:00Z""#, nil, nil, nil), (#""2023-04-01T10:00Z""#, nil, nil, nil),
        (#""2023-04-01T24:00:00Z""#, nil, nil, nil), (#""2023-04-01T10:00:00""#, nil, nil, nil),
        (#""2023-04-01T10:00:00.Z""#, nil, nil, nil), (#""2023-04-01T10:00:00.5""#, nil, nil, nil),
        (#""2023-04-01T10:00:00+5:00""#, nil, nil, nil), (#""""#, nil, nil, nil), (#""198""#, nil, nil, nil),
    ]

    @Test("dates", arguments: dates)
    func date(_ input: String, _ year: String?, _ month: String?, _ day: String?) throws {
        #expect(try apply(.date(.year), input) == year)
        #expect(try apply(.date(.month), input) == month)
        #expect(try apply(.date(.day), input) == day)
    }

    @Test("every prefix and every one-byte change of a date-time is handled without a trap (T78)")
    func dateRobustness() {
        let text = Array("2024-02-29T23:59:59.123+05:30".utf8)
        for count in 0...text.count { _ = CivilDate(text.span.extracting(0..<count)) }
        for i in text.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = text
                changed[i] = byte
                _ = CivilDate(changed.span)
            }
        }
    }

    @Test("day counts and dates are inverse over four centuries")
    func civilRoundTrip() {
        var previous = CivilDate(daysSince1970: -719_529)
        var isInverse = true
        for days in Int64(-719_528)...Int64(-719_528 + 400 * 366) {
            let date = CivilDate(daysSince1970: days)
            isInverse = isInverse && date.daysSince1970() == days
            isInverse = isInverse && (date.year, date.month, date.day) > (previous.year, previous.month, previous.day)
            previous = date
        }
        #expect(isInverse)
        #expect(CivilDate(daysSince1970: 0) == CivilDate(Array("1970-01-01".utf8).span))
        #expect(CivilDate(daysSince1970: 20_833) == CivilDate(Array("2027-01-15".utf8).span))
    }

    static let widths: [(String, String?, String?)] = [
        ("34", #""30-39""#, "30"), ("0", #""0-9""#, "0"), ("9", #""0-9""#, "0"), ("10", #""10-19""#, "10"),
        ("-1", #""-10..-1""#, "-10"), ("-10", #""-10..-1""#, "-10"), ("-11", #""-20..-11""#, "-20"),
        (#""34""#, #""30-39""#, "30"), ("34.9", #""30-39""#, "30"), ("-0.5", #""-10..-1""#, "-10"),
        ("3.4e1", #""30-39""#, "30"), ("-0", #""0-9""#, "0"),
        ("1000000000000", #""1000000000000-1000000000009""#, "1000000000000"),
        ("1000000000001", nil, nil), ("1e300", nil, nil), ("1e999", nil, nil), ("9999999999999999999999", nil, nil),
        (#""034""#, nil, nil), (#""3 4""#, nil, nil), (#""""#, nil, nil), (#""-""#, nil, nil), ("true", nil, nil),
        ("[1]", nil, nil),
    ]

    @Test("buckets of a width", arguments: widths)
    func width(_ input: String, _ range: String?, _ lower: String?) throws {
        #expect(try apply(.width(10), input) == range)
        #expect(try apply(.width(10), input, lower: true) == lower)
    }

    @Test(
        "buckets between bounds",
        arguments: [
            ("17", #""<18""#, nil), ("18", #""18-39""#, "18"), ("39.9", #""18-39""#, "18"), ("40", #""40-64""#, "40"),
            ("65", #""65+""#, "65"), ("-4", #""<18""#, nil), ("999", #""65+""#, "65"),
        ] as [(String, String?, String?)])
    func bounds(_ input: String, _ range: String?, _ lower: String?) throws {
        #expect(try apply(.bounds([18, 40, 65]), input) == range)
        #expect(try apply(.bounds([18, 40, 65]), input, lower: true) == lower)
    }

    @Test(
        "networks",
        arguments: [
            (#""203.0.113.77""#, #""203.0.113.0/24""#), (#""::ffff:203.0.113.77""#, #""203.0.113.0/24""#),
            (#""2001:db8:1:2:3:4:5:6""#, #""2001:db8:1::/48""#), (#""2001:DB8::1""#, #""2001:db8::/48""#),
            (#""::1""#, #""::/48""#), (#""fe80::1%eth0""#, nil), (#""203.0.113.77/32""#, nil),
            (#""203.0.113.077""#, nil),
            ("7", nil), (#""2001:0:0:1::1""#, #""2001::/48""#),
        ] as [(String, String?)])
    func network(_ input: String, _ expected: String?) throws {
        let cut = try #require(IPCut(v4BitCount: 24, v6BitCount: 48))
        #expect(try apply(.ip(cut), input) == expected)
    }

    @Test(
        "RFC 5952 text",
        arguments: [
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("0:0:0:0:0:0:0:0", "::"), ("1:0:0:0:0:0:0:0", "1::"), ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("a:b:c:d:e:f:0:10", "a:b:c:d:e:f:0:10"),
            ("10.9.8.255", "10.9.8.255"),
        ])
    func addressText(_ input: String, _ expected: String) {
        let bytes = Array(input.utf8)
        guard let address = IPAddress(text: bytes.span) else {
            Issue.record("no address")
            return
        }
        var out = ByteScratch()
        NetworkText.append(address, to: &out)
        #expect(TokenSamples.string(out.span) == expected)
    }

    @Test("shifts keep intervals, cut the time of day, and refuse what would leave the calendar")
    func shift() throws {
        #expect(try apply(.shift(days: 30), #""1984-05-17""#, shift: -17) == #""1984-04-30""#)
        #expect(try apply(.shift(days: 30), #""2024-02-28T10:11:12Z""#, shift: 1) == #""2024-02-29""#)
        #expect(try apply(.shift(days: 30), "1800000000", shift: 1) == "1800057600")
        #expect(try apply(.shift(days: 30), "86399", shift: -1) == nil)
        #expect(try apply(.shift(days: 30), #""9999-12-31""#, shift: 1) == nil)
        #expect(try apply(.shift(days: 30), #""0001-01-01""#, shift: -1) == nil)
        #expect(try apply(.shift(days: 30), #""0000-05-17""#, shift: 1) == nil)
        #expect(try apply(.shift(days: 30), #""1984-05""#, shift: 1) == nil)
    }

    @Test("a person's shift is one number in [-n, n], the same for all dates and spread over people")
    func shiftIsPersonal() throws {
        let samples = try TokenSamples()
        let policy = try Sample.policy(
            claims: [
                #""sub": {"pseudonym": {}}"#, #""a": {"generalize": {"shift": 10}}"#,
                #""b": {"generalize": {"shift": 10}}"#,
            ], issue: ShieldTests.id)
        let issuer = try samples.tokenIssuer(policy)
        var worker = issuer.makeWorker()
        var offsets: Set<Int64> = []
        for person in 0..<200 {
            let claims = try TokenSamples.claims(
                of: issuer.issue(
                    claims: #"{"sub":"person-\#(person)","a":"2020-06-15","b":1592179200}"#, now: TokenSamples.now,
                    using: &worker))
            let a = try #require((claims["a"] as? String).flatMap { CivilDate(Array($0.utf8).span) })
            let b = try #require(claims["b"] as? Int64)
            #expect(a.daysSince1970() * 86_400 == b)
            let offset = b / 86_400 - 18_428
            #expect((-10...10).contains(offset))
            offsets.insert(offset)
        }
        #expect(offsets.count == 21)
    }
}
