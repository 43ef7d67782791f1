// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// `swift package benchmark` for those who expect it. It sees the public interface only; the stages inside, the peers
// and the gate are in `cloakroom-bench`.
let package = Package(
    name: "cloakroom-regression",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(name: "cloakroom", path: "../.."),
        // Without traits: they would interpose an allocator of their own.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "Tokens",
            dependencies: [
                .product(name: "Cloakroom", package: "cloakroom"), .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/Tokens",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ]
)
