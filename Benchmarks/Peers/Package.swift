// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

let package = Package(
    name: "cloakroom-peers",
    platforms: [.macOS("26.0")],
    dependencies: [
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/apple/swift-crypto", "4.0.0"..<"6.0.0"),
    ],
    targets: [
        .executableTarget(
            name: "CloakroomPeers",
            dependencies: [
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
            ])
    ]
)
