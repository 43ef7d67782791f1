// SPDX-License-Identifier: Apache-2.0
import KeysHTTPS
import Synchronization
import TestSupport
import TokenCrypto
import TokenVerify

/// A server of the tests' own: gives what it is told to, counts who asks, and can keep callers waiting.
final class ScriptedFetcher: KeyFetcher {
    private struct State {
        var answer: Result<[UInt8], KeyFetchError> = .failure(.connection)
        var addresses: [String] = []
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// A clock that stands where it is put, in seconds.
    let seconds = Atomic<Int64>(1_000)
    let events = Mutex<[KeyEvent]>([])

    var fetchCount: Int { state.withLock { $0.addresses.count } }
    var addresses: [String] { state.withLock { $0.addresses } }

    func answer(_ keys: [SignatureKey]) { answer(bytes: Self.jwks(keys.map(Self.jwk))) }
    func answer(bytes: [UInt8]) { state.withLock { $0.answer = .success(bytes) } }
    func fail(_ error: KeyFetchError) { state.withLock { $0.answer = .failure(error) } }

    /// Lets callers wait until ``release()``.
    func hold() { state.withLock { $0.isHeld = true } }
    func release() {
        let waiting = state.withLock { state in
            state.isHeld = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for caller in waiting { caller.resume() }
    }

    func fetch(_ address: String, limits: KeyFetchLimits) async throws(KeyFetchError) -> [UInt8] {
        state.withLock { $0.addresses.append(address) }
        await withCheckedContinuation { caller in
            let isHeld = state.withLock { state in
                if state.isHeld { state.waiting.append(caller) }
                return state.isHeld
            }
            if !isHeld { caller.resume() }
        }
        return try state.withLock { $0.answer }.get()
    }

    func load(
        _ configuration: RemoteKeysConfiguration = RemoteKeysConfiguration(address: "https://i.example/jwks")
    ) async throws(KeyFetchError) -> RemoteKeys {
        try await RemoteKeys.load(
            configuration, fetcher: self, clock: { self.seconds.load(ordering: .relaxed) * 1_000_000_000 },
            report: { event in self.events.withLock { $0.append(event) } })
    }

    static func jwk(_ key: SignatureKey) -> String {
        String(decoding: (try? key.publicJWK()) ?? [], as: UTF8.self)
    }

    static func jwks(_ keys: [String]) -> [UInt8] { Array(#"{"keys":[\#(keys.joined(separator: ","))]}"#.utf8) }
}
