// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// The engine's own sources, built with coverage counters and the address sanitizer: `Engine` is a link to `Sources`,
// since a package that depended on the engine could neither pass it these flags nor see its package-level declarations.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableExperimentalFeature("Lifetimes"),
    .unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"]),
]

let engine: [(name: String, imports: [Target.Dependency])] = [
    ("TokenScan", ["CTokenKernels"]),
    ("TokenCrypto", ["CTokenOpenSSL", "CTokenKernels", "TokenScan"]),
    ("TokenVerify", ["TokenScan", "TokenCrypto", "CTokenXXHash"]),
    ("TokenDisclosure", ["TokenScan", "TokenCrypto", "TokenVerify"]),
    ("TokenPersonalData", ["TokenScan", "TokenCrypto"]),
    ("TokenPrivacy", ["TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData"]),
]

let package = Package(
    name: "cloakroom-fuzz",
    platforms: [.macOS("26.0")],
    targets: [
        .target(
            name: "CTokenKernels", path: "Engine/CTokenKernels",
            cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
        .systemLibrary(name: "CTokenOpenSSL", path: "Engine/CTokenOpenSSL", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CTokenXXHash", path: "Engine/CTokenXXHash", pkgConfig: "libxxhash"),
    ]
        + engine.map {
            .target(name: $0.name, dependencies: $0.imports, path: "Engine/\($0.name)", swiftSettings: strict)
        }
        + [
            .target(
                name: "TestSupport", dependencies: ["TokenScan", "TokenCrypto"], path: "TestSupport",
                swiftSettings: strict),
            .executableTarget(
                name: "Harness",
                dependencies: engine.map { .target(name: $0.name) } + ["CTokenKernels", "TestSupport"],
                path: "Harness",
                swiftSettings: strict,
                linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]),
        ]
)
