// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing
import TokenCrypto
import TokenVerify

@testable import KeysHTTPS

@Suite struct URLSessionKeyFetcherTests {
    @Test(
        "T62 addresses that are not fetched",
        arguments: [
            "http://localhost/", "file:///etc/passwd", "https:///x", "https://", "//localhost/", "localhost", "",
            "https://user@localhost/", "https://user:password@localhost/", "https://localhost/#fragment",
            "https://a b/",
            "HTTP://localhost/", "ftp://localhost/", "data:,x", "jar:https://localhost/",
        ])
    func addresses(_ address: String) async {
        await #expect(throws: KeyFetchError.address) {
            try await URLSessionKeyFetcher().fetch(address, limits: KeyFetchLimits())
        }
    }

    @Test func limitsAreMovedIntoTheirBounds() {
        #expect(
            KeyFetchLimits(byteCountMax: -1, timeoutSeconds: -1) == KeyFetchLimits(byteCountMax: 1, timeoutSeconds: 0.1)
        )
        #expect(
            KeyFetchLimits(byteCountMax: 1 << 40, timeoutSeconds: 1e9)
                == KeyFetchLimits(byteCountMax: 1 << 20, timeoutSeconds: 60))
    }

    @Test("nobody listens")
    func refusedConnection() async {
        await #expect(throws: KeyFetchError.connection) {
            try await URLSessionKeyFetcher().fetch("https://127.0.0.1:1/", limits: KeyFetchLimits(timeoutSeconds: 5))
        }
    }
}

/// Against the server of `Tests/interop/https.py`, which runs this suite with the server's certificate trusted:
/// a real TLS connection on loopback to a server that rotates, stalls, fails, lies and talks without end.
@Suite(.enabled(if: ServerPorts.port != nil, "Tests/interop/https.py runs it"), .serialized)
struct HTTPSServer {
    private func address(_ path: String) -> String { "https://localhost:\(ServerPorts.port ?? "")\(path)" }

    private func fetch(_ path: String, bytes: Int = 300_000, seconds: Double = 2) async throws -> [UInt8] {
        try await URLSessionKeyFetcher().fetch(
            address(path), limits: KeyFetchLimits(byteCountMax: bytes, timeoutSeconds: seconds))
    }

    /// What the server says it saw: `GET path` and `sent path count` lines.
    private func log() async throws -> String { String(decoding: try await fetch("/log"), as: UTF8.self) }

    @Test func anAnswerComesWhole() async throws {
        #expect(String(decoding: try await fetch("/echo"), as: UTF8.self).contains("\"keys\""))
        #expect(try await fetch("/chunked?4").count == 400_000 / 100_000 * 60_000)
    }

    @Test(
        "T62 a redirect is not followed, wherever it leads",
        arguments: [301, 302, 303, 307, 308, 300, 304])
    func redirects(_ status: Int) async throws {
        await #expect(throws: KeyFetchError.redirect) { try await fetch("/redirect?\(status)") }
        #expect(try await !log().contains("GET /target"))
    }

    @Test("only status 200 counts", arguments: [201, 204, 206, 400, 401, 404, 429, 500, 503])
    func statuses(_ status: Int) async {
        await #expect(throws: KeyFetchError.status(status)) { try await fetch("/status?\(status)") }
    }

    @Test("reading stops at the limit, not after the body", arguments: ["/big", "/bigchunked", "/bigsilent", "/gzip"])
    func sizes(_ path: String) async throws {
        await #expect(throws: KeyFetchError.tooLarge) { try await fetch(path) }
        guard path != "/gzip" else { return }
        // The server notes how much of its 10 MB it got rid of; the rest is in the sockets' buffers.
        var sent = Int.max
        for _ in 0..<50 where sent == Int.max {
            let line = try await log().split(separator: "\n").last { $0.hasPrefix("sent \(path) ") }
            sent = line.flatMap { Int($0.split(separator: " ")[2]) } ?? Int.max
            if sent == Int.max { try await Task.sleep(for: .milliseconds(100)) }
        }
        #expect(sent < 9_000_000, "\(path): \(sent)")
    }

    @Test("a body at the limit, and one byte over", arguments: ["/exact", "/exactchunked"])
    func exactSize(_ path: String) async throws {
        #expect(try await fetch(path + "?5000", bytes: 5_000).count == 5_000)
        await #expect(throws: KeyFetchError.tooLarge) { try await fetch(path + "?5001", bytes: 5_000) }
    }

    @Test("a server that stalls or trickles ends at the deadline", arguments: ["/stall", "/trickle", "/silent"])
    func slowServers(_ path: String) async {
        let start = ContinuousClock.now
        await #expect(throws: KeyFetchError.timeout) { try await fetch(path, seconds: 1) }
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test("a length that is a lie", arguments: ["/short", "/garbage", "/hangup"])
    func liars(_ path: String) async {
        await #expect(throws: KeyFetchError.self) { try await fetch(path, seconds: 1) }
    }

    @Test("a certificate that nobody trusts, and one for another name")
    func certificates() async {
        for address in [
            "https://localhost:\(ServerPorts.untrusted ?? "")/echo", "https://127.0.0.2:\(ServerPorts.port ?? "")/echo",
        ] {
            await #expect(throws: KeyFetchError.connection) {
                try await URLSessionKeyFetcher().fetch(address, limits: KeyFetchLimits())
            }
        }
    }

    @Test("no cookies, no credentials, nothing kept from one fetch to the next")
    func nothingIsKept() async throws {
        for _ in 0..<2 {
            let headers = String(decoding: try await fetch("/echo?cookie"), as: UTF8.self).lowercased()
            #expect(!headers.contains("cookie:"))
            #expect(!headers.contains("authorization:"))
            #expect(!headers.contains("if-none-match:"))
        }
    }

    @Test("a cancelled caller ends at once")
    func cancellation() async throws {
        let task = Task { try await fetch("/stall", seconds: 30) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: KeyFetchError.cancelled) { try await task.value }
    }

    @Test("T66 keys rotate on the server: the new one works after one fetch, the old one is gone")
    func rotation() async throws {
        let makers = try (0..<2).map { try TokenMaker(.es256, keyID: "k\($0)") }
        let tokens = try makers.map {
            Array(try $0.token(#"{"iss":"i","aud":"a","exp":1800000300,"iat":1800000000}"#).utf8)
        }
        func publish(_ keys: [SignatureKey]) async throws {
            let jwks = try keys.map { String(decoding: try $0.publicJWK(), as: UTF8.self) }.joined(separator: ",")
            let body = Data(#"{"keys":[\#(jwks)]}"#.utf8).map { String(format: "%02x", $0) }.joined()
            _ = try await fetch("/publish?\(body)")
        }
        try await publish([makers[0].key])
        let configuration = RemoteKeysConfiguration(address: address("/jwks"), cooldownSeconds: 0)
        let remote = try await RemoteKeys.load(configuration)
        let verifier = try Verifier(accept: [AcceptEntry(issuers: ["i"], audiences: ["a"], keys: remote.ring)])
        var worker = verifier.makeWorker()
        func isAccepted(_ token: [UInt8]) async -> Bool {
            if case .accepted = await remote.verify(token, with: verifier, now: 1_800_000_000, using: &worker) {
                return true
            }
            return false
        }
        #expect(await isAccepted(tokens[0]))
        #expect(await !isAccepted(tokens[1]))
        try await publish([makers[1].key])
        await remote.refresh()
        #expect(await isAccepted(tokens[1]))
        #expect(await !isAccepted(tokens[0]))
    }
}

private enum ServerPorts {
    static let port = ProcessInfo.processInfo.environment["CLOAKROOM_HTTPS_PORT"]
    /// With a certificate that nobody trusts.
    static let untrusted = ProcessInfo.processInfo.environment["CLOAKROOM_HTTPS_UNTRUSTED_PORT"]
}
