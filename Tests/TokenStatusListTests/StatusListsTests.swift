// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import TokenStatusList

@Suite struct StatusListsTests {
    static let now: Int64 = 1_800_000_000
    private static let uri = "https://i.example/statuses/1"
    private let maker: TokenMaker
    private let lists = StatusLists()

    init() throws { maker = try TokenMaker(.es256) }

    /// The claims of a list; the draft's example of one bit a token unless said otherwise.
    private static func claims(
        bits: String = "1", lst: String = #""eNrbuRgAAhcBXQ""#, sub: String = uri, iat: String = "1800000000",
        more: String = ""
    ) -> String {
        #"{"sub":"\#(sub)","iat":\#(iat)\#(more),"status_list":{"bits":\#(bits),"lst":\#(lst)}}"#
    }

    private func add(
        _ claims: String, type: String? = "statuslist+jwt", to lists: StatusLists? = nil, now: Int64 = now
    ) throws {
        let lists = lists ?? self.lists
        let token = Array(try maker.token(claims, type: type).utf8)
        try lists.add(
            token, from: Self.uri, verifiedBy: try lists.makeVerifier(keys: KeyRing([maker.key])), now: now)
    }

    private func status(_ index: Int, uri: String = uri, now: Int64 = now) -> TokenStatus {
        let uri = Array(uri.utf8)
        return lists.status(uri: uri.span, index: index, now: now)
    }

    @Test("the draft's examples of one and two bits")
    func examples() throws {
        try add(Self.claims())
        let one = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
        for (i, value) in one.enumerated() { #expect(status(i) == (value == 0 ? .valid : .notValid)) }
        for outside in [16, -1, Int.max, Int.min] { #expect(status(outside) == .unavailable) }
        let two = try #require(StatusList(bitCount: 2, bytes: [0xC9, 0x44, 0xF9]))
        #expect((0..<13).map { two[$0] } == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3, nil])
    }

    @Test("every number of bits against a naive reading", arguments: [1, 2, 4, 8])
    func bits(_ bitCount: Int) throws {
        var random = SeededGenerator(seed: UInt64(bitCount))
        let bytes = (0..<64).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let list = try #require(StatusList(bitCount: bitCount, bytes: bytes))
        let all = bytes.flatMap { byte in (0..<8).map { byte >> UInt8($0) & 1 } }
        for index in 0..<(512 / bitCount) {
            let value = (0..<bitCount).reduce(UInt8(0)) { $0 | all[index * bitCount + $1] << UInt8($1) }
            #expect(list[index] == value)
        }
        #expect(list[512 / bitCount] == nil)
        for wrong in [0, 3, 5, 7, 9, 16, -1] { #expect(StatusList(bitCount: wrong, bytes: bytes) == nil) }
    }

    @Test("a list that is not as the draft says is not taken, and the one before stays")
    func malformed() throws {
        try add(Self.claims())
        let cases: [(String, StatusListError)] = [
            (Self.claims(bits: "3"), .malformed), (Self.claims(bits: #""1""#), .malformed),
            (Self.claims(bits: "1.5"), .malformed), (Self.claims(lst: "1"), .malformed),
            (Self.claims(lst: #""eNrbuRgAAhcBXQ==""#), .malformed), (Self.claims(lst: #""""#), .compression),
            (Self.claims(lst: #""eNrbuRgAAhcB""#), .compression),
            (Self.claims(lst: #""eNrbuRgAAhcBXQAA""#), .compression),
            (Self.claims(lst: #""AAAA""#), .compression), (Self.claims(sub: "https://i.example/2"), .subject),
            (Self.claims(more: #","ttl":0"#), .malformed), (Self.claims(more: #","ttl":"60""#), .malformed),
            (Self.claims(more: #","exp":1799999900"#), .refused(.expired)),
            (Self.claims(more: #","exp":1799999999"#), .expired), (Self.claims(iat: "1"), .older),
            (Self.claims(iat: "1900000000"), .refused(.issuedInFuture)),
            (#"{"sub":"\#(Self.uri)","iat":1800000000}"#, .malformed),
            (#"{"sub":"\#(Self.uri)"}"#, .refused(.missingClaim)),
        ]
        for (claims, error) in cases { #expect(throws: error, "\(claims)") { try add(claims) } }
        for type in ["JWT", "at+jwt", nil] {
            #expect(throws: StatusListError.refused(.tokenType)) { try add(Self.claims(), type: type) }
        }
        try add(Self.claims(), type: "application/statuslist+jwt")
        #expect(status(0) == .notValid)
        let other = try TokenMaker(.es256)
        let token = Array(try other.token(Self.claims(), type: "statuslist+jwt").utf8)
        let verifier = try lists.makeVerifier(keys: KeyRing([maker.key]))
        #expect(throws: StatusListError.refused(.signatureInvalid)) {
            try lists.add(token, from: Self.uri, verifiedBy: verifier, now: Self.now)
        }
        // A verifier that takes every typ does not make another JWT a list.
        let lax = try Verifier(accept: [
            AcceptEntry(
                issuers: [], audiences: [], keys: KeyRing([maker.key]), types: nil, required: [],
                lifetimeSecondsMax: nil)
        ])
        let plain = Array(try maker.token(Self.claims()).utf8)
        #expect(throws: StatusListError.tokenType) {
            try lists.add(plain, from: Self.uri, verifiedBy: lax, now: Self.now)
        }
    }

    @Test("T31 a list that inflates beyond the limit stops there; at the limit it is taken")
    func inflation() throws {
        // 100 000 zero bytes, by Python's zlib.
        let zeros = #""\#(Self.zeros)""#
        var limits = StatusLists.Limits()
        limits.byteCountMax = 100_000
        try add(Self.claims(lst: zeros), to: StatusLists(limits: limits))
        limits.byteCountMax = 99_999
        #expect(throws: StatusListError.tooLarge) {
            try add(Self.claims(lst: zeros), to: StatusLists(limits: limits))
        }
    }

    private static let zeros =
        "eNrtwTEBAAAAwqD1T20ND6AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAVwOGrwAB"

    @Test("a list counts until exp, ttl or the greatest age, whichever comes first")
    func ages() throws {
        for (more, seconds) in [
            ("", 86_400), (#","ttl":60"#, 60), (#","exp":1800000090"#, 90), (#","exp":1800000090,"ttl":60"#, 60),
            (#","ttl":1000000000"#, 86_400),
        ] as [(String, Int64)] {
            try add(Self.claims(more: more))
            #expect(status(1, now: Self.now + seconds - 1) == .valid, "\(more)")
            #expect(status(1, now: Self.now + seconds) == .unavailable, "\(more)")
        }
    }

    @Test("T69 so many lists and not one more; another list of an address takes the place of the first")
    func bounded() throws {
        var limits = StatusLists.Limits()
        limits.listCountMax = 1
        let lists = StatusLists(limits: limits)
        try add(Self.claims(), to: lists)
        try add(Self.claims(iat: "1800000001"), to: lists)
        let other = "https://i.example/2"
        let token = Array(try maker.token(Self.claims(sub: other), type: "statuslist+jwt").utf8)
        let verifier = try lists.makeVerifier(keys: KeyRing([maker.key]))
        #expect(throws: StatusListError.full) { try lists.add(token, from: other, verifiedBy: verifier, now: Self.now) }
        lists.remove(from: Self.uri)
        try lists.add(token, from: other, verifiedBy: verifier, now: Self.now)
    }

    @Test("T66 a verifier refuses what the list refuses, and everything when the list is not there")
    func verifying() throws {
        let key = try TokenMaker(.hs256)
        func code(_ status: String?, _ lists: StatusLists) throws -> RefusalCode? {
            let claim = status.map { #","status":\#($0)"# } ?? ""
            let token = Array(
                try key.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000\#(claim)}"#).utf8)
            let entry = AcceptEntry(issuers: ["i"], audiences: ["a"], keys: try KeyRing([key.key]))
            let verifier = try Verifier(accept: [entry], revocation: RevocationCheck(statuses: lists))
            var worker = verifier.makeWorker()
            guard case .refused(let refusal) = verifier.verify(token.span, now: Self.now, using: &worker) else {
                return nil
            }
            return refusal.code
        }
        func reference(_ index: String, _ uri: String = Self.uri) -> String {
            #"{"status_list":{"idx":\#(index),"uri":"\#(uri)"}}"#
        }
        #expect(try code(reference("1"), lists) == .storage)
        #expect(try code(nil, lists) == nil)
        #expect(try code(nil, StatusLists(acceptsTokensWithoutStatus: false)) == .missingClaim)
        #expect(try code("{}", StatusLists(acceptsTokensWithoutStatus: false)) == .missingClaim)
        #expect(try code(reference("1"), StatusLists(whenUnavailable: .accept)) == nil)
        try add(Self.claims())
        #expect(try code(reference("1"), lists) == nil)
        #expect(try code(reference("0"), lists) == .revoked)
        #expect(try code(reference("0", #"https:\/\/i.example\/statuses\/1"#), lists) == .revoked)
        #expect(try code(reference("1", "https://i.example/statuses/2"), lists) == .storage)
        #expect(try code(reference("16"), lists) == .storage)
        for bad in [
            "1", "null", #"{"status_list":5}"#, #"{"status_list":{}}"#, #"{"status_list":{"idx":1}}"#,
            reference(#""1""#), reference("-1"), reference("1.5"), #"{"status_list":{"idx":1,"uri":5}}"#,
        ] {
            #expect(try code(bad, lists) == .claimType, "\(bad)")
        }
    }
}
