// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// Each target names every target that it imports; nothing calls upwards.
// The article Architecture in Sources/grantkeeper/Grantkeeper.docc tells what each of them is.
let package = Package(
    name: "Grantkeeper",
    products: [
        .executable(name: "grantkeeper", targets: ["grantkeeper"]),
        .executable(name: "mock-provider", targets: ["MockProvider"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSystem"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Encoding", swiftSettings: strict),
        .target(name: "Locking", swiftSettings: strict),
        .target(name: "Problems", swiftSettings: strict),
        .target(name: "Addressing", dependencies: ["Encoding"], swiftSettings: strict),
        .target(
            name: "Templates", dependencies: ["Addressing", "Encoding"], swiftSettings: strict),
        .target(name: "Headers", dependencies: ["Encoding", httpTypes], swiftSettings: strict),
        .target(
            name: "Web", dependencies: ["Headers", "Encoding", "Problems", httpTypes],
            swiftSettings: strict),
        .target(
            name: "FastCGI",
            dependencies: ["Headers", "CFastCGI", "Encoding", "Web", httpTypes, logging],
            swiftSettings: strict),
        .target(
            name: "HTTPClient",
            dependencies: [
                "Headers", "Addressing", "CCurl", "CZlib", "Encoding", "Locking", httpTypes,
                logging,
            ],
            swiftSettings: strict),
        .target(
            name: "OAuth",
            dependencies: [
                "Headers", "Addressing", "Encoding", "HTTPClient", "Problems", "Templates",
                httpTypes,
                crypto, cryptoExtras,
            ],
            swiftSettings: strict),
        .target(
            name: "Storage",
            dependencies: [
                "Locking", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"), logging,
            ],
            swiftSettings: strict),
        .target(
            name: "Primitives", dependencies: ["Encoding", "Locking", "Problems", crypto],
            swiftSettings: strict),
        .target(
            name: "Integrations",
            dependencies: [
                "Headers", "Addressing", "Encoding", "Locking", "OAuth", "Primitives", "Templates",
                httpTypes,
            ],
            swiftSettings: strict),
        .target(
            name: "Limits",
            dependencies: [
                "Headers", "Encoding", "Integrations", "Locking", "Primitives", "Problems",
                httpTypes,
            ],
            swiftSettings: strict),
        .target(
            name: "Vault", dependencies: ["Locking", "Primitives", "Storage", logging, crypto],
            swiftSettings: strict),
        .target(
            name: "Connections",
            dependencies: [
                "Headers", "Addressing", "Encoding", "HTTPClient", "Integrations", "Limits",
                "Locking",
                "OAuth", "Primitives", "Problems", "Storage", "Templates", "Vault", httpTypes,
                logging, crypto,
            ],
            swiftSettings: strict),
        .target(
            name: "Proxying",
            dependencies: [
                "Headers", "Addressing", "Connections", "Encoding", "HTTPClient", "Integrations",
                "Limits",
                "Locking",
                "Primitives", "Storage", "Vault", httpTypes, logging, crypto,
            ],
            swiftSettings: strict),
        .target(
            name: "Keeper",
            dependencies: [
                "Addressing", "Connections", "Encoding", "HTTPClient", "Integrations", "Limits",
                "Locking", "Primitives", "Proxying", "Storage", "Vault", logging,
            ],
            swiftSettings: strict),
        .target(
            name: "API",
            dependencies: [
                "Headers", "Addressing", "Connections", "Encoding", "HTTPClient", "Integrations",
                "Keeper",
                "Limits", "Locking", "OAuth", "Primitives", "Problems", "Proxying", "Storage",
                "Templates", "Vault", "Web",
                httpTypes, logging, crypto,
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("Resources")],
            swiftSettings: strict),
        .target(name: "YAML", dependencies: ["Encoding", yams], swiftSettings: strict),
        .target(
            name: "Configuration", dependencies: ["Addressing", "Encoding", "YAML"],
            swiftSettings: strict),
        .target(
            name: "Catalogue", dependencies: ["Encoding", "Integrations", "Primitives", "YAML"],
            resources: [.embedInCode("Providers"), .embedInCode("schema.json")],
            swiftSettings: strict, plugins: ["ProviderList"]),
        .plugin(
            name: "ProviderList", capability: .buildTool(), path: "Sources/ProviderList"),
        .executableTarget(
            name: "grantkeeper",
            dependencies: [
                "API", "CSystem", "Catalogue", "Configuration", "Connections", "Encoding",
                "FastCGI", "HTTPClient", "Integrations", "Keeper", "Limits", "Primitives",
                "Problems", "Vault", "YAML", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "MockProvider",
            dependencies: [
                "Headers", "Encoding", "FastCGI", "Web", httpTypes, logging, crypto, cryptoExtras,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strict),
        .target(
            name: "RawUpstreamServer", path: "Tests/RawUpstreamServer", swiftSettings: strict),
        .executableTarget(
            name: "RawUpstream", dependencies: ["RawUpstreamServer"], path: "Tests/RawUpstream",
            swiftSettings: strict),
        .target(
            name: "TestSupport",
            dependencies: [
                "Headers", "Addressing", "Connections", "Encoding", "HTTPClient", "Integrations",
                "Keeper",
                "Primitives", "Proxying", "Storage", "Vault", httpTypes, logging,
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
    ]
        + [
            ("Encoding", ["Encoding"]),
            ("Addressing", ["Addressing"]),
            ("Headers", ["Headers", httpTypes]),
            ("Templates", ["Addressing", "HTTPClient", "Templates", logging]),
            ("Web", ["Headers", "Encoding", "Web", httpTypes]),
            ("FastCGI", ["Headers", "FastCGI", "Web", httpTypes, logging]),
            (
                "HTTPClient",
                ["Headers", "Addressing", "HTTPClient", "RawUpstreamServer", httpTypes, logging]
            ),
            (
                "OAuth",
                ["Headers", "Encoding", "OAuth", "HTTPClient", httpTypes, crypto, cryptoExtras]
            ),
            ("Storage", ["Storage", logging]),
            (
                "Connections",
                [
                    "Headers",
                    "Connections", "Encoding", "HTTPClient", "Integrations", "Keeper", "Limits",
                    "Addressing", "OAuth", "Primitives", "Proxying", "Storage", "Templates",
                    "TestSupport", "Vault", httpTypes, logging, crypto, cryptoExtras,
                ]
            ),
            (
                "API",
                [
                    "Headers",
                    "API", "Connections", "Encoding", "HTTPClient", "Integrations", "Keeper",
                    "Limits", "OAuth", "Primitives", "Proxying", "Storage", "TestSupport",
                    "Vault", "Web", httpTypes, logging, crypto,
                ]
            ),
            ("Integrations", ["Encoding", "Integrations", "Primitives"]),
            ("Catalogue", ["Catalogue", "Encoding", "Integrations", "Primitives", "YAML"]),
            ("Configuration", ["Addressing", "Configuration"]),
            (
                "grantkeeper",
                ["grantkeeper", "Configuration", "Encoding", "TestSupport", logging]
            ),
            (
                "MockProvider",
                ["Headers", "Encoding", "MockProvider", "Web", httpTypes, crypto, cryptoExtras]
            ),
        ].map { name, dependencies in
            .testTarget(
                name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
        }
)
