// SPDX-License-Identifier: Apache-2.0

// The public face: one import gives the whole engine.
@_exported public import TokenCrypto
@_exported public import TokenDisclosure
@_exported public import TokenPersonalData
@_exported public import TokenPrivacy
@_exported public import TokenScan
@_exported public import TokenVerify

/// Facts about this build.
public enum Cloakroom {
    /// The version of the engine and of the command line, semantic versioning.
    public static let version = "0.1.0"
}
