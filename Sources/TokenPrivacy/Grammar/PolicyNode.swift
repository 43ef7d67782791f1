// SPDX-License-Identifier: Apache-2.0

/// A policy file as a neutral tree: mappings, sequences and text, each with the line it starts on.
///
/// The compiler reads only this tree, so that JSON, YAML or a program can supply it. All scalars are text: `off`, `5m`,
/// `16` and `true` are words. Lines count from 1; 0 means unknown. A value type, safe to share between threads.
public indirect enum PolicyNode: Sendable, Equatable {
    /// One scalar, as the text that stands in the file (a JSON number keeps its spelling).
    case scalar(String, line: Int)
    /// A list in file order.
    case sequence([PolicyNode], line: Int)
    /// Named entries in file order. A reader keeps duplicate names; the compiler refuses them with their line.
    case mapping([Entry], line: Int)

    /// One named entry of a mapping.
    public struct Entry: Sendable, Equatable {
        /// The name as written, without quotes and escapes of the file format.
        public let name: String
        /// The line of the name, counted from 1.
        public let line: Int
        /// The entry's value.
        public let value: PolicyNode

        /// Makes an entry; nothing is checked here.
        public init(name: String, line: Int, value: PolicyNode) {
            self.name = name
            self.line = line
            self.value = value
        }
    }

    /// The line the value starts on, counted from 1.
    public var line: Int {
        switch self {
        case .scalar(_, let line), .sequence(_, let line), .mapping(_, let line): line
        }
    }
}
