// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import Foundation
import PackageDescription

// The peers that the engine is timed against. A package of its own, so that nobody who embeds the library pays for
// them. C and C++ peers are compiled in when their headers are there; Debian packages them: libipsec-mb-dev,
// libsimdjson-dev, and libsimdutf-dev from Debian 13 on. Another version is found through PKG_CONFIG_PATH.
let ipsecMB = FileManager.default.fileExists(atPath: "/usr/include/intel-ipsec-mb.h")

let package = Package(
    name: "cloakroom-peers",
    platforms: [.macOS("26.0")],
    products: [
        .executable(name: "cloakroom-peers", targets: ["CloakroomPeers"]),
        .executable(name: "jwt-kit-verdicts", targets: ["JWTKitVerdicts"]),
    ],
    dependencies: [
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/apple/swift-crypto", "4.0.0"..<"6.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CSimdutf", pkgConfig: "simdutf", providers: [.apt(["libsimdutf-dev"])]),
        .systemLibrary(name: "CSimdjson", pkgConfig: "simdjson", providers: [.apt(["libsimdjson-dev"])]),
        .target(
            name: "CPeers", dependencies: ["CSimdutf", "CSimdjson"],
            // The peers get what they ask for: simdjson picks its On-Demand kernel when it is compiled.
            cSettings: [.unsafeFlags(["-O3", "-march=native"])],
            cxxSettings: [.unsafeFlags(["-O3", "-march=native"])],
            linkerSettings: ipsecMB ? [.linkedLibrary("IPSec_MB")] : []),
        .executableTarget(
            name: "CloakroomPeers",
            dependencies: [
                "CPeers", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: [.swiftLanguageMode(.v6)]),
        // Not a timing: its verdicts beside the engine's, see Tests/interop/differential.py.
        .executableTarget(
            name: "JWTKitVerdicts", dependencies: [.product(name: "JWTKit", package: "jwt-kit")],
            swiftSettings: [.swiftLanguageMode(.v6)]),
    ],
    cxxLanguageStandard: .cxx17
)
