// SPDX-License-Identifier: Apache-2.0

/// The scrubber over six kinds of logs: without tokens, with one on 1 % and on every line, and with personal data.
struct ScrubTrials {
    private let tokens: TokenTable
    private static let token = #"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"#
    private static let personal =
        token + #"|[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|([0-9]{1,3}\.){3}[0-9]{1,3}|\+[0-9]{8,15}|"#
        + #"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}"#

    init(_ inputs: BenchInputs) { tokens = inputs.reference[0] }

    func all() -> [Trial] {
        LogCorpus.kinds.flatMap { kind in
            [
                trial("scrub.clean", kind, kind, .nothing), trial("scrub.tokens", "\(kind)-1%", kind, .tokens(everyNth: 100)),
                trial("scrub.tokens", "\(kind)-100%", kind, .tokens(everyNth: 1)),
                trial("scrub.personal", kind, kind, .personal),
            ]
        }
    }

    private func trial(_ name: String, _ corpusName: String, _ kind: String, _ filling: LogCorpus.Filling) -> Trial {
        let tokens = tokens
        let isPersonal = filling == .personal
        return Trial(
            name: name, corpus: corpusName, unit: "512 KiB", byteCount: Double(LogCorpus.byteCount),
            own: { () throws(BenchFailure) in
                try ScrubLog.contender(LogCorpus(kind, filling, tokens: tokens), isPersonal: isPersonal)
            },
            peers: {
                // Programs take seconds: one corpus of each question is enough.
                guard kind == "nginx", filling == .tokens(everyNth: 100) || isPersonal else { return [] }
                let corpus = LogCorpus(kind, filling, tokens: tokens)
                let pattern = isPersonal ? Self.personal : Self.token
                let perl = pattern.replacing("@", with: "\\@")
                let rows: [(String, [String])] = [
                    ("rg", ["rg", "--passthru", "--no-line-number", "--color=never", "-r", "[x]", pattern]),
                    ("sed", ["sed", "-E", "s/\(pattern)/[x]/g"]), ("perl", ["perl", "-pe", "s/\(perl)/[x]/g"]),
                ]
                return rows.compactMap { ProgramPeer($0.0, $0.1, corpus) }
            })
    }
}
