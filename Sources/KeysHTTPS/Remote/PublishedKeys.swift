// SPDX-License-Identifier: Apache-2.0
import TokenCrypto
import TokenVerify

/// The keys of a fetched set that may be used.
struct PublishedKeys {
    let keys: [SignatureKey]
    /// Keys of the set that are not used.
    let skippedCount: Int

    /// Fetches and reads a set. Secrets and private keys in a published set are everybody's: they are skipped like
    /// broken ones, and never spoil the rest.
    static func fetch(
        _ configuration: RemoteKeysConfiguration, _ fetcher: any KeyFetcher
    ) async throws(KeyFetchError) -> PublishedKeys {
        guard configuration.address.hasPrefix("https://") else { throw .address }
        let bytes = try await fetcher.fetch(configuration.address, limits: configuration.limits)
        guard bytes.count <= configuration.limits.byteCountMax else { throw .tooLarge }
        let set: KeySet
        do {
            set = try KeySet.parse(jwks: bytes.span, algorithm: configuration.algorithm)
        } catch {
            throw error == .tooLarge ? .tooManyKeys : .malformed
        }
        guard set.keys.count + set.skipped.count <= configuration.keyCountMax else { throw .tooManyKeys }
        let usable = set.keys.filter { !$0.isSymmetric && !$0.isPrivate && $0.canVerify }
        guard !usable.isEmpty else { throw .noUsableKey }
        return PublishedKeys(keys: usable, skippedCount: set.skipped.count + set.keys.count - usable.count)
    }
}
