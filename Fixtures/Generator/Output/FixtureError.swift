// SPDX-License-Identifier: Apache-2.0

/// What can go wrong while fixtures are made.
package enum FixtureError: Error, Equatable, Sendable {
    /// An argument that the tool does not know, or one without its value.
    case usage
    /// A file that cannot be read.
    case unreadable(path: String)
    /// A file that cannot be written, or that is there already and must not be replaced.
    case unwritable(path: String)
    /// A key file that holds no usable key.
    case unusableKey(path: String)
    /// OpenSSL failed to make a key or a signature.
    case cryptography
}
