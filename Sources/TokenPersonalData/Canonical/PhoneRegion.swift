// SPDX-License-Identifier: Apache-2.0

/// A region whose national telephone numbers `phone/1` can turn into E.164.
///
/// The table states, for each ISO 3166-1 alpha-2 code: calling code, trunk prefix and whether it must be dialled,
/// international prefix, and how many digits a national number has without the trunk prefix (ITU-T E.164 and the
/// national numbering plans it lists). Regions are left out where the national form cannot be turned by such a rule:
/// Argentina (mobile numbers move digits), Lithuania (trunk prefix changing from 8 to 0), Peru.
public struct PhoneRegion: Sendable, Hashable {
    private let row: UInt8

    /// The region with this upper-case ISO 3166-1 alpha-2 code, or nil when the table has no such row.
    public init?(code: String) {
        guard let row = Self.table.firstIndex(where: { $0.code == code }) else { return nil }
        self.row = UInt8(truncatingIfNeeded: row)
    }

    /// The ISO 3166-1 alpha-2 code.
    public var code: String { rule.code }

    /// All codes of the table, in its order.
    public static var allCodes: [String] { table.map(\.code) }

    var rule: Rule { Self.table[Int(row)] }

    /// Whether a national number starts with the trunk prefix.
    enum Trunk: Sendable {
        /// The plan has none: the national number is dialled as it is, a leading 0 included.
        case absent
        /// A number without it is a local one, which means nothing elsewhere: refused.
        case required
        /// Written with or without; no national number starts with the prefix's digit.
        case optional
    }

    /// One row of the table.
    struct Rule: Sendable {
        let code: String
        let callingCode: String
        let trunk: Trunk
        let trunkPrefix: String
        /// Empty where several carriers have one each; numbers written with it are refused then.
        let internationalPrefix: String
        let digitCounts: ClosedRange<Int>

        init(
            _ code: String, _ callingCode: String, _ trunk: Trunk, _ trunkPrefix: String,
            _ internationalPrefix: String, _ digitCounts: ClosedRange<Int>
        ) {
            self.code = code
            self.callingCode = callingCode
            self.trunk = trunk
            self.trunkPrefix = trunkPrefix
            self.internationalPrefix = internationalPrefix
            self.digitCounts = digitCounts
        }
    }

    private static let table: [Rule] = northAmerica + europe + asia + africa + pacificAndLatinAmerica

    private static let northAmerica: [Rule] = ["US", "CA", "PR", "DO", "JM", "BS", "BB", "TT"].map {
        Rule($0, "1", .optional, "1", "011", 10...10)
    }

    private static let europe: [Rule] = [
        Rule("AL", "355", .required, "0", "00", 8...9),
        Rule("AT", "43", .required, "0", "00", 4...13),
        Rule("BA", "387", .required, "0", "00", 8...9),
        Rule("BE", "32", .required, "0", "00", 8...9),
        Rule("BG", "359", .required, "0", "00", 7...9),
        Rule("CH", "41", .required, "0", "00", 9...9),
        Rule("CY", "357", .absent, "", "00", 8...8),
        Rule("CZ", "420", .absent, "", "00", 9...9),
        Rule("DE", "49", .required, "0", "00", 5...13),
        Rule("DK", "45", .absent, "", "00", 8...8),
        Rule("EE", "372", .absent, "", "00", 7...8),
        Rule("ES", "34", .absent, "", "00", 9...9),
        Rule("FI", "358", .required, "0", "00", 5...12),
        Rule("FR", "33", .required, "0", "00", 9...9),
        Rule("GB", "44", .required, "0", "00", 9...10),
        Rule("GR", "30", .absent, "", "00", 10...10),
        Rule("HR", "385", .required, "0", "00", 8...9),
        Rule("HU", "36", .required, "06", "00", 8...9),
        Rule("IE", "353", .required, "0", "00", 7...9),
        Rule("IS", "354", .absent, "", "00", 7...9),
        Rule("IT", "39", .absent, "", "00", 6...11),
        Rule("LI", "423", .absent, "", "00", 7...9),
        Rule("LU", "352", .absent, "", "00", 6...11),
        Rule("LV", "371", .absent, "", "00", 8...8),
        Rule("MK", "389", .required, "0", "00", 8...8),
        Rule("MT", "356", .absent, "", "00", 8...8),
        Rule("NL", "31", .required, "0", "00", 9...9),
        Rule("NO", "47", .absent, "", "00", 8...8),
        Rule("PL", "48", .absent, "", "00", 9...9),
        Rule("PT", "351", .absent, "", "00", 9...9),
        Rule("RO", "40", .required, "0", "00", 9...9),
        Rule("RS", "381", .required, "0", "00", 7...9),
        Rule("RU", "7", .required, "8", "810", 10...10),
        Rule("SE", "46", .required, "0", "00", 6...10),
        Rule("SI", "386", .required, "0", "00", 8...8),
        Rule("SK", "421", .required, "0", "00", 9...9),
        Rule("TR", "90", .required, "0", "00", 10...10),
        Rule("UA", "380", .required, "0", "00", 9...9),
    ]

    private static let asia: [Rule] = [
        Rule("AE", "971", .required, "0", "00", 8...9),
        Rule("BD", "880", .required, "0", "00", 8...10),
        Rule("CN", "86", .optional, "0", "00", 9...11),
        Rule("HK", "852", .absent, "", "001", 8...8),
        Rule("ID", "62", .required, "0", "", 8...12),
        Rule("IL", "972", .required, "0", "", 8...9),
        Rule("IN", "91", .optional, "0", "00", 10...10),
        Rule("JP", "81", .required, "0", "010", 9...10),
        Rule("KR", "82", .required, "0", "", 8...10),
        Rule("KZ", "7", .required, "8", "810", 10...10),
        Rule("LK", "94", .required, "0", "00", 9...9),
        Rule("MY", "60", .required, "0", "00", 8...10),
        Rule("PH", "63", .required, "0", "00", 8...10),
        Rule("PK", "92", .required, "0", "00", 9...10),
        Rule("SA", "966", .required, "0", "00", 8...9),
        Rule("SG", "65", .absent, "", "", 8...8),
        Rule("TH", "66", .required, "0", "001", 8...9),
        Rule("TW", "886", .required, "0", "002", 8...9),
        Rule("VN", "84", .required, "0", "00", 9...10),
    ]

    private static let africa: [Rule] = [
        Rule("EG", "20", .required, "0", "00", 8...10),
        Rule("GH", "233", .required, "0", "00", 9...9),
        Rule("KE", "254", .required, "0", "000", 7...9),
        Rule("MA", "212", .required, "0", "00", 9...9),
        Rule("NG", "234", .required, "0", "009", 7...10),
        Rule("TN", "216", .absent, "", "00", 8...8),
        Rule("ZA", "27", .required, "0", "00", 9...9),
    ]

    private static let pacificAndLatinAmerica: [Rule] = [
        Rule("AU", "61", .required, "0", "0011", 9...9),
        Rule("BR", "55", .optional, "0", "", 10...11),
        Rule("CL", "56", .absent, "", "", 9...9),
        Rule("CO", "57", .absent, "", "", 10...10),
        Rule("MX", "52", .absent, "", "00", 10...10),
        Rule("NZ", "64", .required, "0", "00", 8...10),
    ]
}
