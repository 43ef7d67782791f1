// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport
import Testing
import TokenCrypto
import TokenScan
import TokenVerify

@testable import KeysHTTPS

/// When keys are fetched and when not, and what becomes of what comes. No network, no waiting: clock and fetch are the
/// tests'.
@Suite struct RemoteKeysTests {
    private let server = ScriptedFetcher()
    private static let now: Int64 = 1_800_000_000
    private static let claims = #"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000}"#

    private func ids(_ remote: RemoteKeys) -> [String] {
        remote.ring.keys.map { String(decoding: $0.keyID ?? [], as: UTF8.self) }
    }

    private func key(_ id: String) throws -> SignatureKey {
        try SignatureKey.generate(algorithm: .edDSA, keyID: Array(id.utf8))
    }

    private func pass(_ seconds: Int64) { server.seconds.wrappingAdd(seconds, ordering: .relaxed) }

    @Test("T63 one bad key of a set is skipped and reported, the others work")
    func badKeys() async throws {
        let good = try (0..<19).map { ScriptedFetcher.jwk(try key("k\($0)")) }
        for bad in [
            #"{"kty":"EC","crv":"P-256","kid":"b","x":"AA","y":"AA"}"#, #"{"kty":"XX","kid":"b"}"#, "5", "null", "{}",
            #"{"kty":"RSA","kid":"b","n":"AQAB","e":"AQAB","alg":"RS256"}"#,
            #"{"kty":"OKP","crv":"Ed25519","kid":"k0","x":"\#(String(repeating: "A", count: 43))"}"#,
        ] {
            server.answer(bytes: ScriptedFetcher.jwks(good[..<7] + [bad] + good[7...]))
            let remote = try await server.load()
            #expect(remote.ring.keys.count == 19, "\(bad)")
            #expect(server.events.withLock { $0.last } == .refreshed(isChanged: true, keyCount: 19, skippedCount: 1))
        }
    }

    @Test("T63 secrets and private keys that somebody publishes are not used")
    func publishedSecrets() async throws {
        let secret = #"{"kty":"oct","alg":"HS256","kid":"s","k":"\#(String(repeating: "A", count: 43))"}"#
        let pair = try key("p")
        var written = ByteScratch()
        try pair.writePrivateJWK(into: &written)
        let privateJWK = String(decoding: written.array, as: UTF8.self)
        server.answer(bytes: ScriptedFetcher.jwks([secret, privateJWK, ScriptedFetcher.jwk(try key("ok"))]))
        #expect(ids(try await server.load()) == ["ok"])
        server.answer(bytes: ScriptedFetcher.jwks([secret, privateJWK]))
        await #expect(throws: KeyFetchError.noUsableKey) { try await server.load() }
    }

    @Test(
        "what is no set of keys changes nothing",
        arguments: [
            ("", KeyFetchError.malformed), ("{}", .malformed), ("[]", .malformed), ("<html>", .malformed),
            (#"{"keys":[]}"#, .noUsableKey), (#"{"keys":{}}"#, .malformed), (#"{"keys":[{}],"keys":[]}"#, .malformed),
            (#"{"keys":[\#([String](repeating: "1", count: 65).joined(separator: ","))]}"#, .tooManyKeys),
            (#"{"keys":[\#([String](repeating: "1", count: 1025).joined(separator: ","))]}"#, .tooManyKeys),
        ])
    func refusedAnswers(_ text: String, _ error: KeyFetchError) async throws {
        server.answer(bytes: Array(text.utf8))
        await #expect(throws: error) { try await server.load() }
        server.answer([try key("a")])
        let remote = try await server.load()
        server.answer(bytes: Array(text.utf8))
        #expect(await remote.refresh() == .failed(error))
        #expect(ids(remote) == ["a"])
        #expect(remote.ring.epoch == 1)
    }

    @Test("limits: so many keys and bytes, and not one more")
    func limits() async throws {
        let two = ScriptedFetcher.jwks([ScriptedFetcher.jwk(try key("a")), ScriptedFetcher.jwk(try key("b"))])
        server.answer(bytes: two)
        var configuration = RemoteKeysConfiguration(address: "https://i.example/jwks", keyCountMax: 2)
        configuration.limits.byteCountMax = two.count
        #expect(try await server.load(configuration).ring.keys.count == 2)
        configuration.limits.byteCountMax = two.count - 1
        await #expect(throws: KeyFetchError.tooLarge) { try await server.load(configuration) }
        configuration.limits.byteCountMax = two.count
        configuration.keyCountMax = 1
        await #expect(throws: KeyFetchError.tooManyKeys) { try await server.load(configuration) }
    }

    @Test(
        "T62 only https, and only the address of the operator",
        arguments: ["http://i.example/", "ftp://x/", "HTTPS://x/", ""])
    func addresses(_ address: String) async {
        await #expect(throws: KeyFetchError.address) {
            try await server.load(RemoteKeysConfiguration(address: address))
        }
        #expect(server.fetchCount == 0)
    }

    @Test("T62 what a token names is never fetched")
    func tokensNameNothing() async throws {
        let (a, evil) = (try TokenMaker(.edDSA, keyID: "a"), try TokenMaker(.edDSA, keyID: "evil"))
        server.answer([a.key])
        let remote = try await server.load()
        let verifier = try Verifier(accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: remote.ring)])
        var worker = verifier.makeWorker()
        pass(31)
        for member in ["jku", "x5u"] {
            for kid in ["evil", "a"] {
                let header = #"{"alg":"EdDSA","typ":"JWT","kid":"\#(kid)","\#(member)":"https://evil.example/k"}"#
                let token = Array(try evil.token(header: header, payload: Array(Self.claims.utf8)).utf8)
                let verdict = await remote.verify(token, with: verifier, now: Self.now, using: &worker)
                guard case .refused(let refusal) = verdict else {
                    Issue.record("accepted")
                    return
                }
                #expect(refusal.code == (kid == "a" ? .signatureInvalid : .unknownKey))
            }
        }
        #expect(Set(server.addresses) == ["https://i.example/jwks"])
    }

    @Test("an unknown kid causes one fetch a cooldown, and the same one none while it is remembered")
    func unknownKeyIDs() async throws {
        let (a, b) = (try key("a"), try key("b"))
        server.answer([a])
        let remote = try await server.load()
        func ask(_ id: String) async -> Bool { await remote.refresh(forUnknownKeyID: Array(id.utf8)) }
        // The first fetch counts: no other within the cooldown.
        #expect(await !ask("b"))
        #expect(server.fetchCount == 1)
        pass(29)
        #expect(await !ask("b"))
        #expect(server.fetchCount == 1)
        pass(1)
        #expect(await !ask("b"))
        #expect(server.fetchCount == 2)
        pass(30)
        #expect(await !ask("b"))
        #expect(server.fetchCount == 2, "b is remembered as unknown")
        server.answer([a, b])
        #expect(await !ask(String(repeating: "x", count: 1_025)))
        #expect(await !remote.refresh(forUnknownKeyID: nil))
        #expect(server.fetchCount == 2)
        // Another one brings b as well, and whoever asks for b is told so without a fetch.
        #expect(await !ask("c"))
        #expect(server.fetchCount == 3)
        #expect(await ask("b"))
        #expect(server.fetchCount == 3)
        // A failed fetch starts the cooldown too, and says nothing about the kid.
        server.fail(.connection)
        pass(30)
        #expect(await !ask("d"))
        #expect(await !ask("d"))
        #expect(server.fetchCount == 4)
        pass(30)
        #expect(await !ask("d"))
        #expect(server.fetchCount == 5)
    }

    @Test("T69 the set of unknown kids is bounded, and forgets when the refresh age has passed")
    func boundedUnknown() {
        var unknown = UnknownKeyIDs(countMax: 128)
        for i in 0..<1_000 { unknown.insert(Array("\(i)".utf8), at: Int64(i)) }
        #expect(unknown.count == 128)
        #expect(!unknown.contains(Array("871".utf8), since: 0))
        #expect(unknown.contains(Array("872".utf8), since: 0))
        #expect(!unknown.contains(Array("872".utf8), since: 872))
        unknown.insert(Array("872".utf8), at: 2_000)
        unknown.insert(Array("new".utf8), at: 2_001)
        #expect(unknown.contains(Array("872".utf8), since: 1_999))
        #expect(!unknown.contains(Array("873".utf8), since: 0))
        unknown.removeAll()
        #expect(unknown.count == 0)
        var none = UnknownKeyIDs(countMax: 0)
        none.insert([1], at: 1)
        #expect(none.count == 0)
    }

    @Test("keys are refreshed at their age, kept through failures, and gone when they are too old")
    func ages() async throws {
        server.answer([try key("a")])
        let remote = try await server.load()
        pass(599)
        #expect(await remote.refreshIfDue() == nil)
        pass(1)
        server.answer([try key("b")])
        #expect(await remote.refreshIfDue() == .refreshed(isChanged: true, keyCount: 1, skippedCount: 0))
        #expect(ids(remote) == ["b"])
        #expect(await remote.refreshIfDue() == nil)
        server.fail(.timeout)
        pass(600)
        #expect(await remote.refreshIfDue() == .failed(.timeout))
        #expect(await remote.refreshIfDue() == nil, "no more than one try a cooldown")
        pass(3_600)
        #expect(await remote.refreshIfDue() == .failed(.timeout))
        #expect(ids(remote) == ["b"])
        pass(1)
        _ = await remote.refreshIfDue()
        #expect(ids(remote) == [])
        #expect(server.events.withLock { $0.last } == .expired)
        server.answer([try key("c")])
        pass(30)
        #expect(await remote.refreshIfDue() == .refreshed(isChanged: true, keyCount: 1, skippedCount: 0))
        #expect(ids(remote) == ["c"])
    }

    @Test("the same keys again are no swap")
    func unchanged() async throws {
        server.answer([try key("a"), try key("b")])
        let remote = try await server.load()
        #expect(await remote.refresh() == .refreshed(isChanged: false, keyCount: 2, skippedCount: 0))
        #expect(remote.ring.epoch == 1)
    }

    @Test("T64 many callers, one fetch, one answer for all; a failure for all of them", arguments: [true, false])
    func singleFlight(succeeds: Bool) async throws {
        server.answer([try key("a")])
        let remote = try await server.load()
        pass(700)
        if succeeds { server.answer([try key("b")]) } else { server.fail(.status(503)) }
        server.hold()
        let answers = await withTaskGroup(of: Bool.self) { group in
            for i in 0..<200 {
                group.addTask {
                    if i % 3 == 0 { return await remote.refresh() != .failed(.status(503)) }
                    if i % 3 == 1 { return await remote.refresh(forUnknownKeyID: Array("b".utf8)) }
                    return await remote.refreshIfDue() != .failed(.status(503))
                }
            }
            group.addTask {
                while server.fetchCount < 2 { await Task.yield() }
                for _ in 0..<1_000 { await Task.yield() }
                server.release()
                return succeeds
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Whoever came after the release was told from memory, or by one more fetch for each that asked outright.
        #expect(answers.filter { $0 == succeeds }.count >= 134)
        #expect(server.events.withLock { $0.count } == server.fetchCount)
        #expect(remote.ring.keys.count == 1)
    }

    @Test("T64 two tokens of one request whose fetch fails: two refusals, and the next request works")
    func twoTokensOneFailure() async throws {
        let (a, b) = (try TokenMaker(.edDSA, keyID: "a"), try TokenMaker(.edDSA, keyID: "b"))
        server.answer([a.key])
        let remote = try await server.load()
        let verifier = try Verifier(accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: remote.ring)])
        let token = Array(try b.token(Self.claims).utf8)
        pass(31)
        server.fail(.connection)
        func verify() async -> RefusalCode? {
            var worker = verifier.makeWorker()
            guard
                case .refused(let refusal) = await remote.verify(
                    token, with: verifier, now: Self.now, using: &worker)
            else { return nil }
            return refusal.code
        }
        async let first = verify()
        async let second = verify()
        #expect(await [first, second] == [.unknownKey, .unknownKey])
        #expect(server.fetchCount == 2)
        server.answer([a.key, b.key])
        pass(31)
        async let third = verify()
        async let fourth = verify()
        #expect(await [third, fourth] == [nil, nil])
        #expect(server.fetchCount == 3)
    }

    @Test("a caller who is cancelled does not take the fetch from the others")
    func cancelledCaller() async throws {
        server.answer([try key("a")])
        let remote = try await server.load()
        server.answer([try key("b")])
        server.hold()
        let first = Task { await remote.refresh() }
        while server.fetchCount < 2 { await Task.yield() }
        let second = Task { await remote.refresh() }
        first.cancel()
        for _ in 0..<100 { await Task.yield() }
        server.release()
        #expect(await second.value == .refreshed(isChanged: true, keyCount: 1, skippedCount: 0))
        #expect(server.fetchCount <= 3)
        #expect(ids(remote) == ["b"])
    }
}
