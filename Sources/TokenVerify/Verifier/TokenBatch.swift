// SPDX-License-Identifier: Apache-2.0
import TokenScan

/// Many tokens in one buffer with one table of places: what a batch call takes, and what may be sent to another
/// thread. Appending copies; nothing else does.
public struct TokenBatch: Sendable {
    /// The tokens' bytes, whatever stands between them included.
    package private(set) var bytes: [UInt8] = []
    /// Where each token stands.
    package private(set) var places: [Range<Int>] = []

    /// An empty batch with room for `tokenCapacity` tokens of `byteCapacity` bytes together.
    public init(tokenCapacity: Int = 0, byteCapacity: Int = 0) {
        places.reserveCapacity(max(tokenCapacity, 0))
        bytes.reserveCapacity(max(byteCapacity, 0))
    }

    /// Tokens in the batch.
    public var count: Int { places.count }
    /// Whether the batch is empty.
    public var isEmpty: Bool { places.isEmpty }

    /// Appends a copy of one token. Any bytes will do: a verdict tells.
    public mutating func append(_ token: Span<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: token)
        places.append(start..<bytes.count)
    }

    /// Appends a copy of one token.
    public mutating func append(_ token: String) {
        let start = bytes.count
        bytes.append(contentsOf: token.utf8)
        places.append(start..<bytes.count)
    }

    /// Forgets the tokens and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }
}

extension TokenBatch: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The number of tokens, and nothing of them.
    public var description: String { "TokenBatch(\(count) tokens)" }
    /// The number of tokens, and nothing of them.
    public var debugDescription: String { description }
    /// No children: tokens are not for logs.
    public var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
