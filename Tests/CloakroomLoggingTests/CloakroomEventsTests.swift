// SPDX-License-Identifier: Apache-2.0
import CloakroomLogging
import InMemoryLogging
import Logging
import MetricsTestKit
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

@Suite struct CloakroomEventsTests {
    private let handler = InMemoryLogHandler()
    private let backend = TestMetrics()

    private func events() -> CloakroomEvents {
        var handler = handler
        handler.logLevel = .trace
        let made = handler
        return CloakroomEvents(
            logger: Logger(label: "test", factory: { _ in made }), metrics: CloakroomMetrics(factory: backend))
    }

    @Test func levelsAndCounts() throws {
        let events = events()
        events.report(.refreshed(isChanged: true, keyCount: 3, skippedCount: 0))
        events.report(.refreshed(isChanged: true, keyCount: 3, skippedCount: 1))
        events.report(.refreshed(isChanged: false, keyCount: 3, skippedCount: 1))
        events.report(KeyEvent.failed(.status(503)))
        events.report(.expired)
        events.report(RevocationError.unavailable)
        events.report(nil as RevocationError?)
        #expect(handler.entries.map(\.level) == [.info, .warning, .debug, .warning, .error, .error])
        #expect(handler.entries[1].metadata == ["keys": "3", "skipped": "1"])
        #expect(handler.entries[3].metadata == ["code": "status-503"])
        func count(_ outcome: String) throws -> Int64 {
            try backend.expectCounter("cloakroom.keys.refreshes", [("outcome", outcome)]).totalValue
        }
        #expect(try [count("changed"), count("unchanged"), count("failed")] == [2, 1, 1])
        #expect(try backend.expectCounter("cloakroom.revocations.failures").totalValue == 1)
    }

    @Test("T83 nothing of a token, a key or an identity is in any log line, label, dimension or description")
    func nothingOfTokens() throws {
        let maker = try TokenMaker(.hs256, keyID: "SECRET-kid")
        let token = try maker.token(
            #"{"iss":"SECRET-iss","aud":"a","sub":"SECRET-sub","jti":"SECRET-jti","exp":1800000300,"iat":1800000000}"#)
        let list = RevocationList(entryCountMax: 1)
        let cache = VerifiedTokenCache(byteCount: 1 << 16)
        let verifier = try Verifier(
            accept: [AcceptEntry(issuers: ["SECRET-iss"], audiences: ["a"], keys: try KeyRing([maker.key]))],
            cache: cache, revocation: RevocationCheck(list: list))
        var worker = verifier.makeWorker()
        var counts = VerificationCounts()
        let tally = VerificationTally()
        var seen = cache.statistics
        let metrics = CloakroomMetrics(factory: backend)
        let events = events()
        for round in 0..<3 {
            if round == 2 {
                try list.add(.key(issuer: "SECRET-iss", keyID: "SECRET-kid"), now: 1_800_000_000)
                do {
                    try list.add(
                        .subject(issuer: "SECRET-iss", subject: "SECRET-sub", beforeSeconds: 1), now: 1_800_000_000)
                } catch {
                    events.report(error)
                }
            }
            for text in [token, token + "A", String(token.dropLast(3)), ""] {
                let bytes = Array(text.utf8)
                counts.add(verifier.verify(bytes.span, now: 1_800_000_000, using: &worker))
            }
            tally.take(&counts)
            metrics.report(tally)
            metrics.report(cache, since: &seen)
        }
        for error: KeyFetchError in [.address, .status(418), .ring(.noKey), .malformed] {
            events.report(.failed(error))
        }
        var text = handler.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
        for counter in backend.counters { text += "\n\(counter.label) \(counter.dimensions)" }
        text += "\(counts) \(seen) \(list) \(cache) \(verifier.limits)"
        #expect(handler.entries.count == 5)
        #expect(!text.contains("SECRET"))
        for part in token.split(separator: ".") { #expect(!text.contains(part)) }
        #expect(try backend.expectCounter("cloakroom.tokens.verified").totalValue == 2)
        #expect(try backend.expectCounter("cloakroom.tokens.refused", [("code", "revoked")]).totalValue == 1)
        #expect(try backend.expectCounter("cloakroom.cache", [("outcome", "hit")]).totalValue == 1)
    }
}
