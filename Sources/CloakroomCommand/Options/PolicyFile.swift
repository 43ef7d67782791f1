// SPDX-License-Identifier: Apache-2.0
import Cloakroom
import TokenCrypto
import TokenPrivacy
import TokenScan
import TokenVerify

/// A policy file: its compiled policy, and the folder that names of key files are relative to.
struct PolicyFile {
    let path: String
    let policy: Policy

    /// Reads and compiles a policy, YAML or JSON: a file that starts with `{` and is JSON is read as JSON, since JSON's
    /// own reader is the stricter one; a file called `.json` always is.
    ///
    /// - Throws: exit status 66 when it cannot be opened, 65 with the line when it does not compile.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        var bytes = ByteScratch()
        _ = try InputFile.readAll(path, byteCountMax: PolicyNode.byteCountMax, into: &bytes)
        let name = Display.file(path)
        guard let first = Self.firstByte(of: bytes.span) else {
            throw CommandFailure(.data, "\(name) line 1: the policy is empty", code: "syntax")
        }
        do {
            let tree = try Self.tree(bytes.span, isJSON: path.hasSuffix(".json") || first == UInt8(ascii: "{"))
            policy = try Policy.compile(tree)
        } catch let failure as YAMLPolicyReader.Failure {
            throw CommandFailure(.data, "\(name) line \(failure.line): \(failure.what)", code: "syntax")
        } catch let error as PolicyError {
            throw CommandFailure(.data, "\(name) line \(error.line): \(error.message)", code: error.code.rawValue)
        } catch {
            throw CommandFailure(.data, "\(name) cannot be read as a policy", code: "syntax")
        }
    }

    private static func tree(_ bytes: Span<UInt8>, isJSON: Bool) throws -> PolicyNode {
        if isJSON { return try PolicyNode.parse(json: bytes) }
        guard let text = String(validating: [UInt8](bytes), as: UTF8.self) else {
            throw YAMLPolicyReader.Failure(line: 1, what: "the policy is no UTF-8")
        }
        return try YAMLPolicyReader.read(text)
    }

    /// The first byte that is no blank; nil when there is none.
    private static func firstByte(of bytes: Span<UInt8>) -> UInt8? {
        for i in bytes.indices where ![0x09, 0x0A, 0x0D, 0x20].contains(bytes[i]) { return bytes[i] }
        return nil
    }

    /// The entries of the policy's accept list, their key files read.
    func acceptEntries(isQuiet: Bool) throws(CommandFailure) -> [AcceptEntry] {
        let name = Display.file(path)
        do {
            let entries = try policy.acceptEntries { file, algorithm in
                try KeyFiles.signatureKeys(resolve(file), algorithm: algorithm, isQuiet: isQuiet)
            }
            // What does not fit together shall show here, where the policy can be named.
            if !entries.isEmpty { _ = try Verifier(accept: entries) }
            return entries
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as AcceptError {
            throw CommandFailure(.data, "\(name) line \(error.line): \(error.message)", code: "accept")
        } catch let error as ConfigurationError {
            let line = policy.accept.first?.line ?? 0
            throw CommandFailure(.data, "\(name) line \(line): \(error.message)", code: "accept")
        } catch {
            throw CommandFailure(.data, "\(name): its accept list cannot be used", code: "accept")
        }
    }

    /// How the keys of the policy's accept entries, in its order, are read again.
    func reloads(_ entries: [AcceptEntry]) -> [KeyReload] {
        zip(policy.accept, entries).map { description, entry in
            let algorithm = description.onlyAlgorithm
            let paths = description.keyFiles.map { resolve($0) }
            return KeyReload(ring: entry.keys) { () throws(CommandFailure) in
                var found: [SignatureKey] = []
                for path in paths { found += try KeyFiles.signatureKeys(path, algorithm: algorithm, isQuiet: true) }
                return found
            }
        }
    }

    /// A file name of the policy, relative to the policy's own folder.
    func resolve(_ name: String) -> String {
        guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
        return path[...slash] + name
    }
}

extension AcceptError {
    var message: String {
        switch self {
        case .unknownProfile:
            "unknown profile; known are \(IssuerProfile.all.map(\.name).joined(separator: ", "))"
        case .unknownClaim: "'require' takes iss, sub, aud, exp, nbf, iat, jti"
        case .configuration(let error, _): error.message
        }
    }
}
