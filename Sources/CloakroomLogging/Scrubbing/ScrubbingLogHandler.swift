// SPDX-License-Identifier: Apache-2.0
public import Logging

/// How a metadata value is to be treated, for ``ScrubbingLogHandler``: `"\(address, attributes: { $0[LogSensitivity.self]
/// = .personal })"`.
public enum LogSensitivity: Int64, Sendable, CaseIterable, Logger.MetadataValueAttributes.Attribute {
    /// Looked through for tokens and personal data, as values without a mark are.
    case ordinary = 0
    /// Replaced as a whole by a keyed fingerprint, `[personal fp=…]`.
    case personal = 1
    /// Replaced as a whole by `[secret]`.
    case secret = 2
}

/// A log handler that takes tokens and personal data out of everything before another handler sees it: the message,
/// metadata of the event, of the logger and of the metadata provider, names and nested values included, and errors.
///
/// ```swift
/// let scrubber = try LogTextScrubber(jwks: keys)
/// LoggingSystem.bootstrap { ScrubbingLogHandler(StreamLogHandler.standardError(label: $0), scrubber) }
/// ```
///
/// Labels, levels, source, file and function go through as they are: they are code, not data.
public struct ScrubbingLogHandler: LogHandler {
    private var wrapped: any LogHandler
    private let scrubber: LogTextScrubber

    /// Wraps a handler. Its own metadata and its provider are scrubbed from now on too.
    public init(_ wrapped: any LogHandler, _ scrubber: LogTextScrubber) {
        self.wrapped = wrapped
        self.scrubber = scrubber
        self.wrapped.metadata = Self.scrubbed(wrapped.metadata, scrubber)
        if let provider = wrapped.metadataProvider {
            self.wrapped.metadataProvider = Self.scrubbed(provider, scrubber)
        }
    }

    public func log(event: LogEvent) {
        var event = event
        event.message = Logger.Message(stringLiteral: scrubber.scrub(event.message.description))
        event.metadata = event.metadata.map { Self.scrubbed($0, scrubber) }
        event.error = event.error.map { ScrubbedError(description: scrubber.scrub(String(describing: $0))) }
        wrapped.log(event: event)
    }

    public var logLevel: Logger.Level {
        get { wrapped.logLevel }
        set { wrapped.logLevel = newValue }
    }

    public var metadata: Logger.Metadata {
        get { wrapped.metadata }
        set { wrapped.metadata = Self.scrubbed(newValue, scrubber) }
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { wrapped[metadataKey: scrubber.scrub(key)] }
        set { wrapped[metadataKey: scrubber.scrub(key)] = newValue.map { Self.scrubbed($0, scrubber) } }
    }

    public var metadataProvider: Logger.MetadataProvider? {
        get { wrapped.metadataProvider }
        set { wrapped.metadataProvider = newValue.map { Self.scrubbed($0, scrubber) } }
    }

    private static func scrubbed(
        _ provider: Logger.MetadataProvider, _ scrubber: LogTextScrubber
    ) -> Logger.MetadataProvider {
        Logger.MetadataProvider { scrubbed(provider.get(), scrubber) }
    }

    private static func scrubbed(_ metadata: Logger.Metadata, _ scrubber: LogTextScrubber) -> Logger.Metadata {
        Logger.Metadata(
            metadata.map { (scrubber.scrub($0.key), scrubbed($0.value, scrubber)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// A value as text. Values of other types become text too, since nobody knows what a backend reads of them.
    private static func scrubbed(_ value: Logger.MetadataValue, _ scrubber: LogTextScrubber) -> Logger.MetadataValue {
        switch value {
        case .string(let text): return .string(scrubber.scrub(text))
        case .array(let values): return .array(values.map { scrubbed($0, scrubber) })
        case .dictionary(let values): return .dictionary(scrubbed(values, scrubber))
        case .stringConvertible(let inner):
            let attributes = value.attributes
            let text =
                switch attributes[LogSensitivity.self] {
                case .secret: "[secret]"
                case .personal: scrubber.fingerprint(inner.description)
                case .ordinary, nil: scrubber.scrub(inner.description)
                }
            return attributes == [] ? .string(text) : .attributed(text, attributes: attributes)
        }
    }
}

/// What is left of an error: its scrubbed text.
struct ScrubbedError: Error, CustomStringConvertible {
    let description: String
}
