// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import TokenPrivacy
import TokenScan
import VaultSQLite

struct VaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault", abstract: "Make and look after vaults.",
        subcommands: [
            VaultInitCommand.self, VaultEraseCommand.self, VaultReportCommand.self, VaultExpireCommand.self,
            VaultRotateCommand.self, VaultAuditVerifyCommand.self,
        ])
}

struct VaultInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an empty vault for a tenant and its keys.",
        discussion: """
            The file gets mode 0600 and replaces nothing.
            Success: no output.
            Failure: cloakroom: the vault exists and is not overwritten (exists), and exit status 74.
            """)

    @OptionGroup var arguments: VaultArguments

    @Option(help: ArgumentHelp("The tenant, as in the policy.", valueName: "text"))
    var tenant: String

    func run() throws {
        let keys = try arguments.readKeys(tenant: tenant)
        guard case .sqlite(let path) = try arguments.location() else {
            throw CommandFailure.usage("a vault in memory needs no init")
        }
        do { try SQLiteVault.create(path: path, keys: keys) } catch { throw error.commandFailure }
    }
}

/// Whom a command is about.
struct PersonArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Handle of the person; may be repeated.", valueName: "h1_…"))
    var person: [String] = []

    @Option(help: ArgumentHelp("Issuer of the person's tokens, with --subject.", valueName: "text"))
    var issuer: String?

    @Option(help: ArgumentHelp("Subject of the person's tokens, with --issuer.", valueName: "text"))
    var subject: String?

    @Option(help: ArgumentHelp("Who asks, for the audit log.", valueName: "name"))
    var actor = "cloakroom"

    /// The handles, under all accepted keys.
    func handles(_ vault: SealedVault) throws(CommandFailure) -> [PersonHandle] {
        if let issuer, let subject, person.isEmpty {
            do { return try vault.handles(issuer: issuer, subject: subject) } catch { throw error.commandFailure }
        }
        guard issuer == nil, subject == nil, !person.isEmpty else {
            throw .usage("name a person by --person, or by --issuer and --subject")
        }
        var handles: [PersonHandle] = []
        for text in person {
            guard let handle = PersonHandle(text) else { throw .usage("--person takes a handle, h1_…") }
            handles.append(handle)
        }
        return handles
    }
}

struct VaultEraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase a person: the keys go, a tombstone stays.",
        discussion: """
            complete: no file of the vault holds the keys any more. pending: unreadable, and a reader kept old pages; \
            tried again by every later command. Backups and copies held elsewhere are beyond this command.
            Success: {"state":"complete","persons":1}
            Failure: cloakroom: these are not the vault's keys (wrong-keys), and exit status 65.
            """)

    @OptionGroup var arguments: VaultArguments
    @OptionGroup var person: PersonArguments
    @OptionGroup var clock: ClockOptions

    func run() throws {
        let vault = try arguments.open()
        let handles = try person.handles(vault)
        let report: ErasureReport
        do {
            report = try vault.erase(handles, actor: person.actor, now: clock.now ?? System.now())
        } catch {
            throw error.commandFailure
        }
        try OutputFile.write("{\"state\":\"\(report.state.rawValue)\",\"persons\":\(report.personCount)}\n")
    }
}

struct VaultReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What is held on a person: types, purposes and times, no values.",
        discussion: """
            Success: {"person":"h1_…","known":true,"items":[{"type":"phone","purposes":["support"],"created":1800000000,\
            "expires":1800000360}]}
            Failure: cloakroom: --person takes a handle, h1_… (usage), and exit status 64.
            """)

    @OptionGroup var arguments: VaultArguments
    @OptionGroup var person: PersonArguments
    @OptionGroup var clock: ClockOptions

    func run() throws {
        let vault = try arguments.open()
        let handles = try person.handles(vault)
        let report: PersonReport
        do {
            report = try vault.report(handles, actor: person.actor, now: clock.now ?? System.now())
        } catch {
            throw error.commandFailure
        }
        var text = ByteScratch()
        text.append(text: "{\"person\":\"\(handles[0].text)\",\"known\":\(report.isKnown)")
        if let erased = report.erasedSeconds { text.append(text: ",\"erased\":\(erased)") }
        text.append(",\"items\":[")
        for (i, item) in report.items.enumerated() {
            text.append(i == 0 ? "{\"type\":" : ",{\"type\":")
            text.appendJSONString(Array(item.type.utf8).span)
            text.append(",\"purposes\":[")
            for (k, purpose) in item.purposes.enumerated() {
                if k > 0 { text.append(",") }
                text.appendJSONString(Array(purpose.utf8).span)
            }
            text.append(text: "],\"created\":\(item.createdSeconds),\"expires\":\(item.expiresSeconds)}")
        }
        text.append("]}\n")
        try OutputFile.write(text)
    }
}

struct VaultExpireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Delete what has expired; reading never waits for it.",
        discussion: """
            Success: {"expired":1200}
            Failure: cloakroom: the vault can only be read (read-only), and exit status 74.
            """)

    @OptionGroup var arguments: VaultArguments
    @OptionGroup var clock: ClockOptions

    func run() throws {
        let vault = try arguments.open()
        let count: Int
        do { count = try vault.expire(now: clock.now ?? System.now()) } catch { throw error.commandFailure }
        try OutputFile.write("{\"expired\":\(count)}\n")
    }
}

struct VaultRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Wrap the keys of all persons under the active key; records stay.",
        discussion: """
            Success: {"rotated":1200}
            Failure: cloakroom: these are not the vault's keys (wrong-keys), and exit status 65.
            """)

    @OptionGroup var arguments: VaultArguments
    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("Who asks, for the audit log.", valueName: "name"))
    var actor = "cloakroom"

    func run() throws {
        let vault = try arguments.open()
        let count: Int
        do {
            count = try vault.rotate(actor: actor, now: clock.now ?? System.now())
        } catch {
            throw error.commandFailure
        }
        try OutputFile.write("{\"rotated\":\(count)}\n")
    }
}

struct VaultAuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-verify", abstract: "Check the audit chain from its first entry to its head.",
        discussion: """
            Keep the head of a run elsewhere and pass it to a later one: then a store that was put back shows too.
            Success: {"valid":true,"entries":12,"head":"12:…"}
            Failure: {"valid":false,"entries":6,"entry":7}, and exit status 1.
            """)

    @OptionGroup var arguments: VaultArguments

    @Option(help: ArgumentHelp("Head of an earlier run, which must still be in the chain.", valueName: "head"))
    var expect: String?

    func run() throws {
        let vault = try arguments.open()
        let report: AuditChainReport
        do { report = try vault.verifyAudit(expecting: expect) } catch { throw error.commandFailure }
        if let entry = report.firstBadEntry {
            try OutputFile.write("{\"valid\":false,\"entries\":\(report.entryCount),\"entry\":\(entry)}\n")
            throw ExitCode(ExitStatus.refused.rawValue)
        }
        let head = report.head.map { ",\"head\":\"\($0)\"" } ?? ""
        try OutputFile.write("{\"valid\":true,\"entries\":\(report.entryCount)\(head)}\n")
    }
}
