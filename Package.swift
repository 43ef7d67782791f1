// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// One place for the settings that every Swift target shares.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let inMemoryLogging: Target.Dependency = .product(name: "InMemoryLogging", package: "swift-log")

// The graph, read downwards: a row imports only rows above it.
let libraries: [(name: String, imports: [Target.Dependency])] = [
    ("TokenScan", ["CTokenKernels"]),
    ("TokenCrypto", ["CTokenOpenSSL", "CTokenKernels", "TokenScan"]),
    ("TokenVerify", ["TokenScan", "TokenCrypto", "CTokenXXHash"]),
    ("TokenDisclosure", ["TokenScan", "TokenCrypto", "TokenVerify"]),
    ("KeysHTTPS", ["TokenScan", "TokenCrypto", "TokenVerify"]),
    ("TokenStatusList", ["CTokenZlib", "TokenScan", "TokenVerify"]),
    ("TokenPersonalData", ["TokenScan", "TokenCrypto"]),
    ("TokenScrub", ["TokenScan", "TokenCrypto", "TokenPersonalData"]),
    ("TokenPrivacy", ["TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData"]),
    ("VaultSQLite", ["CTokenSQLite", "TokenScan", "TokenPrivacy"]),
    (
        "TokenAudit",
        ["TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenScrub", "TokenPrivacy"]
    ),
    (
        "CloakroomLogging",
        ["TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenScrub", coreMetrics, logging]
    ),
    (
        "Cloakroom",
        ["TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData", "TokenPrivacy"]
    ),
]

let tests: [(name: String, imports: [Target.Dependency])] = [
    ("TidyTests", []),
    ("KernelTests", ["CTokenKernels", "TestSupport"]),
    ("TokenScanTests", ["TokenScan", "TestSupport"]),
    ("BenchTests", ["BenchmarkSupport"]),
    ("TokenVerifyTests", ["TokenScan", "TokenCrypto", "TokenVerify", "TestSupport"]),
    ("TokenCryptoTests", ["CTokenOpenSSL", "TokenScan", "TokenCrypto", "TestSupport"]),
    (
        "TokenPrivacyTests",
        [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenPrivacy", "VaultTestSupport",
            "TestSupport",
        ]
    ),
    (
        "FixturesTests",
        [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenPrivacy", "Cloakroom",
            "CloakroomFixtures",
            "TestSupport", yams,
        ]
    ),
    (
        "TokenDisclosureTests",
        ["TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPrivacy", "TestSupport"]
    ),
    ("TokenScrubTests", ["TokenScan", "TokenCrypto", "TokenPersonalData", "TokenScrub", "TestSupport"]),
    (
        "TokenAuditTests",
        [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenScrub", "TokenPrivacy", "TokenAudit",
            "TestSupport",
        ]
    ),
    (
        "VaultTests",
        [
            "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenPrivacy", "VaultSQLite",
            "VaultTestSupport", "TestSupport",
        ]
    ),
    ("TokenPersonalDataTests", ["TokenScan", "TokenCrypto", "TokenPersonalData", "TestSupport"]),
    // It imports Cloakroom alone; the modules that Cloakroom hands on are named so that a change of them rebuilds it.
    (
        "CloakroomTests",
        ["Cloakroom", "TokenScan", "TokenCrypto", "TokenVerify", "TokenPersonalData", "TokenPrivacy"]
    ),
    ("CommandTests", ["CloakroomCommand"]),
    ("TokenStatusListTests", ["TokenStatusList", "TokenScan", "TokenCrypto", "TokenVerify", "TestSupport"]),
    ("KeysHTTPSTests", ["KeysHTTPS", "TokenScan", "TokenCrypto", "TokenVerify", "TestSupport"]),
    (
        "CloakroomLoggingTests",
        ["CloakroomLogging", "TokenScan", "TokenCrypto", "TokenVerify", "TestSupport", metricsTestKit, inMemoryLogging]
    ),
]

let package = Package(
    name: "cloakroom",
    platforms: [.macOS("26.0")],
    products: [
        .library(name: "Cloakroom", targets: ["Cloakroom"]),
        .library(name: "KeysHTTPS", targets: ["KeysHTTPS"]),
        .library(name: "TokenStatusList", targets: ["TokenStatusList"]),
        .library(name: "CloakroomLogging", targets: ["CloakroomLogging"]),
        .library(name: "CloakroomVaultSQLite", targets: ["VaultSQLite"]),
        .executable(name: "cloakroom", targets: ["CloakroomCommand"]),
        .executable(name: "cloakroom-bench", targets: ["CloakroomBench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    ],
    targets: [
        .target(name: "CTokenKernels"),
        .systemLibrary(name: "CTokenZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CTokenOpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CTokenXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"]), .brew(["xxhash"])]),
        .systemLibrary(
            name: "CTokenSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    ]
        + libraries.map {
            .target(
                name: $0.name, dependencies: $0.imports,
                // These hand out spans of memory that they own, which needs lifetime annotations.
                swiftSettings: strict
                    + (["TokenScan", "TokenVerify", "TokenScrub", "TokenPrivacy"].contains($0.name)
                        ? [.enableExperimentalFeature("Lifetimes")] : []))
        }
        + [
            .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
            .target(
                name: "COpenSSLPeer", dependencies: ["CTokenOpenSSL", "CAllocationCount"],
                path: "Benchmarks/COpenSSLPeer"),
            .target(name: "BenchmarkSupport", path: "Benchmarks/BenchmarkSupport", swiftSettings: strict),
            .executableTarget(
                name: "CloakroomBench",
                dependencies: ["Cloakroom", "BenchmarkSupport", "CAllocationCount", "COpenSSLPeer", "CTokenKernels"]
                    + libraries.map(\.name).filter {
                        !["KeysHTTPS", "TokenStatusList", "CloakroomLogging", "Cloakroom"].contains($0)
                    }.map { .target(name: $0) },
                path: "Benchmarks/CloakroomBench", swiftSettings: strict),
            .executableTarget(
                name: "CloakroomCommand",
                dependencies: [
                    "Cloakroom", "TokenScan", "TokenCrypto", "TokenVerify", "TokenDisclosure", "TokenPersonalData",
                    "TokenScrub", "TokenPrivacy", "TokenAudit", "CTokenZlib", "VaultSQLite",
                    argumentParser, yams,
                ],
                swiftSettings: strict),
            // Makes the test keys and token corpora under Fixtures; no product, so users never see it.
            .executableTarget(
                name: "CloakroomFixtures", dependencies: ["TokenScan", "TokenCrypto"], path: "Fixtures/Generator",
                swiftSettings: strict),
            .target(
                name: "VaultTestSupport", dependencies: ["TokenScan", "TokenCrypto", "TokenPrivacy", "TestSupport"],
                path: "Tests/VaultTestSupport", swiftSettings: strict),
            .target(
                name: "TestSupport", dependencies: ["TokenScan", "TokenCrypto"], path: "Tests/TestSupport",
                swiftSettings: strict),
        ]
        + tests.map { .testTarget(name: $0.name, dependencies: $0.imports, swiftSettings: strict) }
)
