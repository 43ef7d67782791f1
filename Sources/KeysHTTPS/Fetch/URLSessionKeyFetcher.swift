// SPDX-License-Identifier: Apache-2.0
import Foundation
public import TokenVerify

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Fetches with Foundation's `URLSession`: no package, TLS by the system's libraries.
///
/// A certificate counts when the system's trust store says so; a private authority is added there (on Debian
/// `update-ca-certificates`). Each fetch has a session of its own, without cookies, credentials or a cache, so nothing
/// is left of the one before.
public struct URLSessionKeyFetcher: KeyFetcher {
    /// Makes a fetcher.
    public init() {}

    public func fetch(_ address: String, limits: KeyFetchLimits) async throws(KeyFetchError) -> [UInt8] {
        guard let url = Self.url(address) else { throw .address }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = limits.timeoutSeconds
        configuration.timeoutIntervalForResource = limits.timeoutSeconds
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.httpShouldSetCookies = false
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
        request.setValue("application/jwk-set+json, application/json", forHTTPHeaderField: "Accept")
        // Fewer surprises: the byte limit counts decoded bytes either way.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        let reader = BoundedReader(byteCountMax: limits.byteCountMax)
        let session = URLSession(configuration: configuration, delegate: reader, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        let task = session.dataTask(with: request)
        // The session's own resource timeout does not end an answer that trickles in.
        let deadline = Task {
            try await Task.sleep(for: .seconds(limits.timeoutSeconds))
            reader.fail(.timeout)
            task.cancel()
        }
        defer { deadline.cancel() }
        let result = await withTaskCancellationHandler {
            await reader.result { task.resume() }
        } onCancel: {
            reader.fail(.cancelled)
            task.cancel()
        }
        return try result.get()
    }

    /// An absolute `https` URL with a host, and without user, password and fragment.
    static func url(_ address: String) -> URL? {
        guard let parts = URLComponents(string: address), parts.scheme == "https", parts.host?.isEmpty == false,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return nil }
        return parts.url
    }
}

/// Collects one answer, stops it where a limit is passed, and hands the result over once.
private final class BoundedReader: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    // Sendable by hand, since NSObject is not: everything that changes is under `lock`.
    private let byteCountMax: Int
    private let lock = NSLock()
    private var bytes: [UInt8] = []
    private var failure: KeyFetchError?
    private var waiter: CheckedContinuation<Result<[UInt8], KeyFetchError>, Never>?

    init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Starts, and waits for the end, which comes once.
    func result(_ start: () -> Void) async -> Result<[UInt8], KeyFetchError> {
        await withCheckedContinuation { continuation in
            lock.withLock { waiter = continuation }
            start()
        }
    }

    /// Notes why the answer is of no use. The first reason counts.
    func fail(_ error: KeyFetchError) {
        lock.withLock { failure = failure ?? error }
    }

    // A redirect is an answer that is not wanted; it is not followed, wherever it leads.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        fail(.redirect)
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        if (300..<400).contains(status) {
            fail(.redirect)
        } else if status != 200 {
            fail(.status(status))
        } else if response.expectedContentLength > Int64(byteCountMax) {
            fail(.tooLarge)
        }
        let isWanted = lock.withLock { failure == nil }
        completionHandler(isWanted ? .allow : .cancel)
        if !isWanted { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isWanted = lock.withLock {
            guard failure == nil else { return false }
            guard data.count <= byteCountMax - bytes.count else {
                failure = .tooLarge
                bytes = []
                return false
            }
            bytes.append(contentsOf: data)
            return true
        }
        if !isWanted { dataTask.cancel() }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        lock.lock()
        if failure == nil, let error {
            failure = (error as? URLError)?.code == .timedOut ? .timeout : .connection
        }
        let result: Result<[UInt8], KeyFetchError> = failure.map { .failure($0) } ?? .success(bytes)
        let waiter = self.waiter
        self.waiter = nil
        lock.unlock()
        waiter?.resume(returning: result)
    }
}
