// swift-tools-version: 6.2
import PackageDescription

// Every Swift target: language mode 6, strict memory safety as an error (unsafe code must say so),
// and lifetimes for the views over RawSpan that cannot outlive the bytes they read.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatWarning("StrictMemorySafety", as: .error),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "netprobe",
    platforms: [.macOS("26.0")],
    products: [.executable(name: "netprobe", targets: ["netprobe"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // OpenSSL 3: EVP_MD_fetch.
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .target(name: "CNetShims"),

        module("Text"),
        module("Addressing", ["Text"]),
        module("Platform", ["Text", "Addressing", "CNetShims", systemPackage]),
        module("Digests", ["CCrypto"]),
        module("Packets", ["Text", "Addressing"]),
        module("Capture", ["Text", "Addressing", "Platform", "Packets", "CPcap", "CZlib", systemPackage]),
        module("Conversations", ["Text", "Addressing", "Digests", "Packets", deque]),
        module("Analysis", ["Text", "Addressing", "Packets", "Capture", "Conversations", "Platform"]),
        module("Sockets", ["Text", "Addressing", "Platform", systemPackage]),
        module("Tracing", ["Text", "Addressing", "Platform", "Sockets"]),
        module("Services", ["Text", "Addressing", "Digests", "Sockets", deque, heap]),
        module("Probe", ["Text", "Addressing", "Packets", "Sockets", systemPackage]),
        module("Timeline", ["Text", "Addressing", "Packets", "Conversations", "Sockets"]),
        module("Diagnosis", ["Text", "Addressing", "Packets", "Conversations", "Sockets", "Timeline"]),
        module(
            "Rendering",
            ["Text", "Addressing", "Packets", "Conversations", "Sockets", "Probe", "Timeline", "Diagnosis"]),
        module(
            "Lab",
            [
                "Text", "Addressing", "Platform", "Digests", "Packets", "Capture", "Conversations", "Analysis",
                "Sockets",
                "Services", "Timeline", "Diagnosis", deque, heap, systemPackage,
            ]),
        module(
            "NetprobeCLI",
            [
                "Text", "Addressing", "Platform", "Digests", "Packets", "Capture", "Conversations", "Analysis",
                "Sockets",
                "Services", "Probe", "Timeline", "Diagnosis", "Rendering", "Lab",
                argumentParser, logging, systemPackage,
            ]),
        .executableTarget(name: "netprobe", dependencies: ["NetprobeCLI"], swiftSettings: strict),

        tests("CLITests", ["Text", "NetprobeCLI", "TestSupport"], exclude: ["Golden"]),
        .target(
            name: "TestSupport",
            dependencies: ["Text", "Addressing", "Packets", "Capture", "Conversations", "Analysis", "Sockets"],
            path: "Tests/Support",
            swiftSettings: strict),
        tests("ArchitectureTests", []),
        tests("TextTests", ["Text"]),
        tests("AddressingTests", ["Text", "Addressing"]),
        tests("DigestsTests", ["Digests"]),
        tests("ProbeTests", ["Text", "Addressing", "Packets", "Sockets", "Probe", "TestSupport", systemPackage]),
        tests("PacketsTests", ["Text", "Addressing", "Packets", "TestSupport"]),
        tests("SocketsTests", ["Text", "Addressing", "Platform", "Sockets", systemPackage]),
        tests("TracingTests", ["Text", "Addressing", "Platform", "Sockets", "Tracing"]),
        tests(
            "ConversationsTests",
            ["Text", "Addressing", "Packets", "Capture", "Conversations", "Analysis", "Diagnosis", "TestSupport"]),
        tests("TimelineTests", ["Text", "Addressing", "Conversations", "Sockets", "Timeline", "TestSupport"]),
        tests(
            "DiagnosisTests",
            [
                "Text", "Addressing", "Packets", "Conversations", "Sockets", "Timeline", "Diagnosis", "Rendering",
                "TestSupport",
            ]),
        tests(
            "RenderingTests",
            [
                "Text", "Addressing", "Packets", "Conversations", "Sockets", "Timeline", "Diagnosis", "Rendering",
                "TestSupport",
            ],
            exclude: ["Golden", "Packets/Golden", "Explain/Golden", "Stats/Golden", "TwoHosts/Golden"]),
        tests(
            "ServicesTests", ["Text", "Addressing", "Digests", "Sockets", "Services", "TestSupport", systemPackage],
            exclude: ["Fixtures"]),
        tests(
            "LabTests", ["Text", "Addressing", "Packets", "Capture", "Conversations", "Sockets", "Lab", "TestSupport"]),
        tests("CaptureTests", ["Text", "Addressing", "Packets", "Capture", "TestSupport", systemPackage]),
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Text", "Addressing", "Packets", "Capture", "Conversations", "Sockets", "Timeline", "Diagnosis",
                "Rendering", "Lab", systemPackage,
            ],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["FuzzTargets", systemPackage], path: "Tests/Fuzz/Tests",
            swiftSettings: strict),
    ]
)

// `make fuzz` only: without libFuzzer, which its run.sh asks the compiler for, this does not link.
if Context.environment["NETPROBE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "netprobe-fuzz", dependencies: ["FuzzTargets", "Capture", systemPackage], path: "Tests/Fuzz/Driver",
            swiftSettings: strict))
}

// `make docs` only: nobody else needs the plugin, nor a network to fetch it.
if Context.environment["NETPROBE_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
