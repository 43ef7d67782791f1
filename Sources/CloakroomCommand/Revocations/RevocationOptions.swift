// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenVerify

/// What tokens are looked up in besides their own claims.
struct RevocationOptions: ParsableArguments {
    /// What happens when revocations cannot be read for more than a second.
    enum Stale: String, ExpressibleByArgument, CaseIterable {
        case refuse, accept
    }

    @Option(
        help: ArgumentHelp(
            """
            Refuse what this list revokes: a file of JSON lines {"iss":…,"jti":…,"until":…}, {"iss":…,"sub":…,"before":…} \
            or {"iss":…,"kid":…}, read again when it changes.
            """, valueName: "url"))
    var revocations: String?

    @Option(
        help: ArgumentHelp(
            "While the list cannot be read for more than a second: refuse every token, or accept by what is known.",
            valueName: "refuse|accept"))
    var staleRevocations: Stale = .refuse

    @Flag(help: "Accept each token once: it needs jti and exp, and is refused as replayed when it comes again.")
    var oneTime = false

    /// Whether any of it was asked for.
    var isGiven: Bool { revocations != nil || oneTime }

    /// Opens what was asked for, reads it once, and keeps it fresh from a thread of its own until the program ends. Nil
    /// when nothing was asked for.
    func makeCheck(now: Int64?, isQuiet: Bool) throws(CommandFailure) -> RevocationCheck? {
        guard isGiven else { return nil }
        var check = RevocationCheck()
        var shared: (any OneTimeStore)?
        if let revocations {
            let opened = try RevocationStores.open(revocations)
            shared = opened.oneTime
            let mirror = RevocationMirror(
                opened.revocations, whenStale: staleRevocations == .accept ? .accept : .refuse)
            do { try mirror.refresh(now: now ?? System.now()) } catch { throw Self.failure(error) }
            keepFresh(mirror, now: now, isQuiet: isQuiet)
            check.mirror = mirror
        }
        if oneTime { check.oneTime = shared ?? OneTimeTokens() }
        return check
    }

    private static func failure(_ error: RevocationError) -> CommandFailure {
        switch error {
        case .full: CommandFailure(.data, "the list of revocations has too many entries", code: "revocations")
        case .malformed: CommandFailure(.data, "the list of revocations cannot be understood", code: "revocations")
        case .unavailable: CommandFailure(.unavailable, "the store of revocations does not answer", code: "storage")
        }
    }

    private func keepFresh(_ mirror: RevocationMirror, now: Int64?, isQuiet: Bool) {
        BackgroundWork.start("revocations", everyMilliseconds: 200, isQuiet: isQuiet) { () throws(CommandFailure) in
            do throws(RevocationError) {
                try mirror.refresh(now: now ?? System.now())
                mirror.list.removeExpired(now: now ?? System.now())
            } catch {
                throw Self.failure(error)
            }
        }
    }
}
