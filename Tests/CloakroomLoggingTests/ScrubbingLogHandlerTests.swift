// SPDX-License-Identifier: Apache-2.0
import CloakroomLogging
import Logging
import Synchronization
import Testing

/// Writes down everything that reaches a backend, the way a careless one would: with every description and mirror.
private final class Backend: Sendable {
    let text = Mutex("")

    func note(_ event: LogEvent, _ metadata: Logger.Metadata) {
        var lines = "\(event.message)\n\(metadata)\n"
        dump(event, to: &lines)
        dump(metadata, to: &lines)
        if let error = event.error { lines += "\(error) \(String(reflecting: error))\n" }
        text.withLock { $0 += lines }
    }

    var everything: String { text.withLock { $0 } }
}

private struct BackendHandler: LogHandler {
    let backend: Backend
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    var metadataProvider: Logger.MetadataProvider?

    func log(event: LogEvent) {
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        backend.note(event, all)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

private struct Address: CustomStringConvertible, Sendable {
    let street = "LEAK street"
    let mail = "leak@example.com"
    var description: String { "\(street) \(mail)" }
}

private struct Failed: Error { let token: String }

@Suite struct ScrubbingLogHandlerTests {
    static let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJMRUFLIn0.c2lnbmF0dXJl"
    static let forms = ["eyJzdWIi", "LEAK", "leak@example.com", "203.0.113.7", "leak%40"]

    private func logger(_ backend: Backend, _ provider: Logger.MetadataProvider? = nil) throws -> Logger {
        let scrubber = try LogTextScrubber()
        return Logger(label: "test") { _ in
            ScrubbingLogHandler(BackendHandler(backend: backend, metadataProvider: provider), scrubber)
        }
    }

    private func expectNoLeak(_ backend: Backend) {
        for form in Self.forms { #expect(!backend.everything.contains(form), "\(backend.everything)") }
    }

    @Test("T83 T92 no token or value reaches a backend, from any side")
    func nothingPasses() throws {
        let backend = Backend()
        var logger = try logger(
            backend, Logger.MetadataProvider { ["provider": .string(Self.token), "leak@example.com": "x"] })
        logger[metadataKey: "own"] = .string("at 203.0.113.7")
        logger[metadataKey: "leak@example.com"] = "key"
        logger.info(
            "token \(Self.token) of leak@example.com",
            metadata: [
                "plain": .string(Self.token), "list": [.string("leak%40example.com"), ["deep": .string(Self.token)]],
                "object": .stringConvertible(Address()),
                "street": "\(Address().street, attributes: { $0[LogSensitivity.self] = .personal })",
                "secret": "\(Address().mail, attributes: { $0[LogSensitivity.self] = .secret })",
            ])
        var text = backend.everything
        #expect(text.contains("[jwt alg=none fp=l1_tmp0_"))
        #expect(text.contains("[email fp=l1_tmp0_") && text.contains("[personal fp=l1_tmp0_") && text.contains("[secret]"))
        // The object's street has no shape of its own: only a mark can take it out.
        text = text.replacing("LEAK street", with: "", maxReplacements: .max)
        for form in Self.forms { #expect(!text.contains(form), "\(text)") }
    }

    @Test("T83 errors are texts when a backend sees them")
    func errors() throws {
        let backend = Backend()
        var handler = ScrubbingLogHandler(BackendHandler(backend: backend), try LogTextScrubber())
        handler.metadataProvider = Logger.MetadataProvider { ["p": .string(Self.token)] }
        handler.metadata = ["m": .string(Self.token)]
        handler.log(
            event: LogEvent(
                level: .error, message: "failed", error: Failed(token: Self.token), metadata: nil, source: "s", file: "f",
                function: "g", line: 1))
        expectNoLeak(backend)
        #expect(backend.everything.contains("Failed(token: \"[jwt alg=none"))
    }

    @Test("Other text, levels and attributes go through as they are")
    func unchanged() throws {
        let backend = Backend()
        var logger = try logger(backend)
        logger.logLevel = .warning
        #expect(logger.logLevel == .warning)
        logger.info("not logged")
        logger.warning("as it is", metadata: ["n": "\(5)", "empty": ""])
        #expect(backend.everything.contains("as it is") && !backend.everything.contains("not logged"))
        let scrubber = try LogTextScrubber(personalData: [])
        #expect(scrubber.scrub("leak@example.com") == "leak@example.com")
        #expect(throws: (any Error).self) { try LogTextScrubber(jwks: Array("{}".utf8)) }
    }
}
