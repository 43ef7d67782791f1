// SPDX-License-Identifier: Apache-2.0
import TokenPrivacy
import TokenVerify

/// The one place where `--revocations URL` becomes a store.
enum RevocationStores {
    /// What a URL names: revocations, and where the store shares the use of one-time tokens between nodes, that too.
    struct Opened {
        let revocations: any RevocationStore
        /// Nil: one-time tokens are this process's own.
        var oneTime: (any OneTimeStore)?
    }

    /// Opens `file:PATH`, a vault `sqlite:FILE`, or a plain path.
    /// - Throws: exit status 64 for a URL of a kind that is not known; what opening the store throws.
    static func open(_ url: String) throws(CommandFailure) -> Opened {
        if url.hasPrefix("file:") { return Opened(revocations: try RevocationFile(String(url.dropFirst(5)))) }
        if url.hasPrefix("sqlite:") {
            let shared = SharedRevocations(try VaultLocation(url).openStore())
            return Opened(revocations: shared, oneTime: shared)
        }
        if let scheme = scheme(of: url) {
            throw .usage("--revocations takes file:PATH, sqlite:FILE or a path; \(scheme): is not known here")
        }
        return Opened(revocations: try RevocationFile(url))
    }

    /// The scheme of a URL; nil for a path, which may hold a colon behind a slash.
    private static func scheme(of url: String) -> Substring? {
        guard let colon = url.firstIndex(of: ":") else { return nil }
        let scheme = url[..<colon]
        guard let first = scheme.utf8.first, (0x61...0x7A).contains(first), scheme.utf8.count <= 16,
            scheme.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2B })
        else { return nil }
        return scheme
    }
}
