// SPDX-License-Identifier: Apache-2.0
public import Logging
public import TokenVerify

/// Rare events of the engine in the host's log: keys that came or did not, a revocation store that does not answer.
///
/// Messages are fixed texts and metadata are numbers and codes: nothing of a token, a key or an answer. What tells
/// issuers apart is the host's own metadata on the logger it gives. Nothing is logged for a token.
public struct CloakroomEvents: Sendable {
    private let logger: Logger
    private let metrics: CloakroomMetrics?

    /// Logs through `logger`, and counts in `metrics` when given.
    public init(logger: Logger, metrics: CloakroomMetrics? = nil) {
        self.logger = logger
        self.metrics = metrics
    }

    /// Logs what happened to an issuer's keys: changes as `info`, skipped keys and failures as `warning`, expiry as
    /// `error`, and keys that stayed the same as `debug`.
    public func report(_ event: KeyEvent) {
        metrics?.report(event)
        switch event {
        case .refreshed(let isChanged, let keyCount, let skippedCount):
            let metadata: Logger.Metadata = ["keys": "\(keyCount)", "skipped": "\(skippedCount)"]
            if isChanged, skippedCount > 0 {
                logger.warning("issuer keys changed; some of the set cannot be used", metadata: metadata)
            } else {
                logger.log(level: isChanged ? .info : .debug, Self.refreshed(isChanged), metadata: metadata)
            }
        case .failed(let error):
            logger.warning("issuer keys were not refreshed", metadata: ["code": "\(error.code)"])
        case .expired:
            logger.error("issuer keys are too old; its tokens are refused until keys come")
        }
    }

    /// Logs a refresh of revocations that failed, as `error`; nil, a success, is not logged.
    public func report(_ error: RevocationError?) {
        guard let error else { return }
        metrics?.reportRevocationFailure()
        logger.error("revocations were not refreshed", metadata: ["code": "\(error.code)"])
    }

    private static func refreshed(_ isChanged: Bool) -> Logger.Message {
        isChanged ? "issuer keys changed" : "issuer keys are the same"
    }
}

extension KeyFetchError {
    /// A word of a closed list.
    var code: String {
        switch self {
        case .address: "address"
        case .connection: "connection"
        case .timeout: "timeout"
        case .status(let status): "status-\(status)"
        case .redirect: "redirect"
        case .tooLarge: "too-large"
        case .malformed: "malformed"
        case .tooManyKeys: "too-many-keys"
        case .noUsableKey: "no-usable-key"
        case .ring: "ring"
        case .cancelled: "cancelled"
        }
    }
}

extension RevocationError {
    /// A word of a closed list.
    var code: String {
        switch self {
        case .full: "full"
        case .malformed: "malformed"
        case .unavailable: "unavailable"
        }
    }
}
