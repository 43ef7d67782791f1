// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPersonalData
import TokenScan
import TokenScrub

struct ScrubCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scrub", abstract: "Replace tokens and personal data in logs: bytes in, bytes out.",
        discussion: """
            Tokens become [jwt alg=RS256 exp=1700000000 fp=l1_k001_praEoDiuJ9VGJToX]; fp is keyed, so that lines of \
            one token stay joinable. Everything else stays as it is. Input that starts as gzip data does is inflated. \
            Without --keys a random key is used, kid tmp0: fingerprints then mean nothing after this run.
            Success: GET /cb?token=[jwt alg=HS256 exp=1700000000 fp=l1_tmp0_Hq0nB2yqk8uYc1xW] 200
            Failure: cloakroom: no space left for the output (output), and exit status 74.
            """)

    @Option(help: ArgumentHelp("fingerprint, full ([jwt] alone) or claims.", valueName: "mode"))
    var mode = "fingerprint"

    @Option(
        help: ArgumentHelp(
            "Claims that --mode claims shows as fingerprints: kid, iss, sub, aud, jti, client_id, sid."
                + " (default: kid,sub,jti)",
            valueName: "list"))
    var claims: ListArgument?

    @Option(help: ArgumentHelp("JWK or JWK Set of log keys (key generate --alg log).", valueName: "file"))
    var keys: String?

    @Option(
        help: ArgumentHelp(
            "Personal data to replace: email, phone, card, iban, ssn, ip, reference, or all, or none.",
            valueName: "list"))
    var pii: ListArgument?

    @Option(
        help: ArgumentHelp(
            "A rule of your own, NAME:PREFIX:CLASS:MIN-MAX, as api-key:sk_live_:alphanumeric:16-64. Classes: digits,"
                + " hex, alphanumeric, base64url. May be repeated.",
            valueName: "rule"))
    var rule: [String] = []

    @Option(help: ArgumentHelp("Counts as JSON, at the end; - for standard error.", valueName: "file"))
    var stats: String?

    @Option(help: ArgumentHelp("Append to this file instead of standard output.", valueName: "file"))
    var out: String?

    @Flag(help: "Write the output as gzip.")
    var gzip = false

    @Flag(help: "Write after every read. Without it, when a block is full or no input is ready.")
    var lineBuffered = false

    @Flag(help: "For rsyslog's omprog with confirmMessages: OK on standard output for each line that --out has taken.")
    var rsyslogConfirm = false

    @Flag(help: "No notes about keys on standard error.")
    var quiet = false

    @Argument(help: "Input files; standard input when absent or -.")
    var files: [String] = []

    func run() throws {
        let options = try scrubOptions()
        guard !rsyslogConfirm || out != nil else {
            throw CommandFailure.usage("--rsyslog-confirm needs --out: standard output carries the confirmations")
        }
        let logKeys = try logKeys()
        guard StopSignal.install() else {
            throw CommandFailure(.inputOutput, "cannot catch signals", code: "signals")
        }
        let isInteractive = System.isTerminal(System.standardInput) || System.isTerminal(System.standardOutput)
        var pump = ScrubPump(
            LogScrubber(options, keys: logKeys), try ScrubOutput(path: out, isGzip: gzip),
            ScrubPump.Manner(isLineBuffered: lineBuffered || isInteractive, confirms: rsyslogConfirm))
        if rsyslogConfirm { try OutputFile.write("OK\n") }
        for file in files.isEmpty ? ["-"] : files {
            let descriptor = try InputFile.open(file)
            try pump.pass(descriptor)
            if file != "-" { _ = System.closeFile(descriptor) }
        }
        try pump.finish()
        if let stats { try ScrubReport.write(pump.statistics, to: stats) }
    }

    private func logKeys() throws -> LogKeys {
        if let keys { return try KeyFiles.logKeys(keys) }
        if !quiet {
            OutputFile.note(
                "warning: no --keys: fingerprints of this run join with nothing else", code: "temporary-key")
        }
        do { return try LogKeys.temporary() } catch {
            throw CommandFailure(.unavailable, "no random bytes for a key", code: "storage")
        }
    }

    private func scrubOptions() throws(CommandFailure) -> ScrubOptions {
        guard let mode = ScrubOptions.Mode(rawValue: mode) else {
            throw .usage("--mode takes fingerprint, full or claims")
        }
        guard claims == nil || mode == .claims else { throw .usage("--claims needs --mode claims") }
        var options = ScrubOptions(mode: mode)
        if let claims {
            options.claims = []
            for word in claims.words {
                guard let claim = ScrubOptions.Claim(rawValue: word), !options.claims.contains(claim) else {
                    throw .usage("--claims takes kid, iss, sub, aud, jti, client_id, sid, each once")
                }
                options.claims.append(claim)
            }
        }
        options.personalData = try personalData()
        for text in rule { options.rules.append(try ruleOf(text)) }
        return options
    }

    private func personalData() throws(CommandFailure) -> Set<PersonalDataKind> {
        guard let pii else { return [] }
        if pii.words == ["none"] { return [] }
        if pii.words == ["all"] { return Set(PersonalDataKind.allCases) }
        var kinds: Set<PersonalDataKind> = []
        for word in pii.words {
            switch word {
            case "ip": kinds.formUnion([.ipv4, .ipv6])
            // References are found like tokens, always.
            case "reference": break
            default:
                guard let kind = PersonalDataKind(rawValue: word), kind != .ipv4, kind != .ipv6 else {
                    throw .usage("--pii takes email, phone, card, iban, ssn, ip, reference, or all, or none")
                }
                kinds.insert(kind)
            }
        }
        return kinds
    }

    private func ruleOf(_ text: String) throws(CommandFailure) -> TokenRule {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bounds = parts.last?.split(separator: "-").compactMap { Int($0) } ?? []
        guard parts.count == 4, let characters = TokenRule.Characters(rawValue: String(parts[2])), bounds.count == 2,
            bounds[0] <= bounds[1]
        else { throw .usage("--rule takes NAME:PREFIX:CLASS:MIN-MAX") }
        do {
            return try TokenRule(
                name: String(parts[0]), prefix: String(parts[1]), characters: characters, counts: bounds[0]...bounds[1])
        } catch {
            switch error {
            case .name: throw .usage("--rule: a name has 1 to 32 of a-z, 0-9 and -, and is none of the built-in ones")
            case .prefix: throw .usage("--rule: a prefix has 3 to 64 printable characters, and no blank, [, ] or =")
            case .counts: throw .usage("--rule: at least 4 and at most 4096 characters")
            }
        }
    }
}
