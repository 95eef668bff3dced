// swift-tools-version:6.2
import PackageDescription

// The dependency direction is the architecture (docs/architecture.md): GatewayCommand → Server, Simulator, Channels,
// Providers, Stores → Gateway → Support → System. No package is depended upon.

func system(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: apt.map { [.apt([$0])] })
}

func support(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Support/\(name)")
}

func tests(_ name: String, _ path: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(path)", exclude: exclude)
}

/// For a module whose mutable state is confined to one thread: checks for overlapping access while it runs are made in
/// debug builds, which every test is, and not in release builds (docs/decisions/0060-exclusivity-is-checked-by-tests.md).
let confined = SwiftSetting.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))

let package = Package(
    name: "gateway",
    products: [.executable(name: "gateway", targets: ["GatewayCommand"])],
    targets: [
        system("CLinux"),
        system("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        system("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        system("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),

        support("EventLoop", ["CLinux"]),
        support("TLS", ["COpenSSL"]),
        support("HTTP", ["EventLoop", "TLS", "CLinux"]),
        support("JSON"),
        support("YAML", ["CYAML"]),
        support("SQL", ["CSQLite"]),
        support("Crypto", ["COpenSSL"]),
        support("CSV"),
        support("Forms"),
        support("RESP", ["Forms"]),
        support("Redis", ["RESP", "CLinux", "TLS"]),
        support("Patterns"),
        support("Zones"),
        support("Templates", ["Zones"]),
        support("Arguments"),
        support("Telemetry", ["CLinux", "PhoneNumbers", "Zones"]),
        support("PhoneNumbers"),

        .target(
            name: "Gateway",
            dependencies: [
                "Arguments", "JSON", "YAML", "Crypto", "Patterns", "Zones", "Templates", "Telemetry", "PhoneNumbers",
                "RESP",
            ], swiftSettings: [confined]),
        .target(name: "SMSChannel", dependencies: ["Gateway"], path: "Sources/Channels/SMS"),
        .target(name: "WhatsAppChannel", dependencies: ["Gateway"], path: "Sources/Channels/WhatsApp"),
        .target(name: "VoiceChannel", dependencies: ["Gateway"], path: "Sources/Channels/Voice"),
        .target(name: "VideoChannel", dependencies: ["Gateway"], path: "Sources/Channels/Video"),
        .target(
            name: "TwilioProvider", dependencies: ["Gateway", "JSON", "Forms", "Crypto"],
            path: "Sources/Providers/Twilio"),
        .target(name: "MemoryStore", dependencies: ["Gateway"], path: "Sources/Stores/Memory"),
        .target(name: "SQLiteStore", dependencies: ["Gateway", "SQL"], path: "Sources/Stores/SQLite"),
        .target(name: "Simulator", dependencies: ["HTTP", "EventLoop", "JSON", "YAML", "Forms", "Crypto"]),
        .target(
            name: "Server",
            dependencies: [
                "Gateway", "EventLoop", "HTTP", "TLS", "JSON", "CSV", "Crypto", "Forms", "Arguments", "Zones",
                "Telemetry", "PhoneNumbers", "RESP", "Redis", "CLinux",
            ]),
        .target(
            name: "Assembly",
            dependencies: [
                "Server", "Simulator", "SMSChannel", "WhatsAppChannel", "VoiceChannel", "VideoChannel",
                "TwilioProvider", "MemoryStore", "SQLiteStore", "Arguments", "EventLoop", "HTTP", "TLS", "JSON",
                "CSV", "Forms", "Crypto", "Telemetry", "Gateway", "Zones", "CLinux", "COpenSSL", "CSQLite", "CYAML",
            ], path: "Sources/GatewayCommand/Assembly"),
        .executableTarget(
            name: "GatewayCommand", dependencies: ["Assembly"], path: "Sources/GatewayCommand/Main"),

        .executableTarget(
            name: "Microbenchmarks", dependencies: ["Gateway", "SMSChannel", "TwilioProvider", "Crypto", "Forms"],
            path: "Benchmarks/Micro"),

        .target(name: "SimulatedDisk", dependencies: ["CSQLite"], path: "Tests/SimulatedDisk"),
        .target(name: "SearchServer", dependencies: ["HTTP", "EventLoop", "JSON"], path: "Tests/SearchServer"),

        tests("LintTests", "Lint", []),
        tests("EventLoopTests", "Support/EventLoop", ["EventLoop"]),
        tests("HTTPTests", "Support/HTTP", ["HTTP", "EventLoop"]),
        tests("TLSTests", "Support/TLS", ["TLS", "HTTP", "EventLoop"]),
        tests("JSONTests", "Support/JSON", ["JSON"]),
        tests("RESPTests", "Support/RESP", ["RESP"]),
        tests("CSVTests", "Support/CSV", ["CSV"]),
        tests("YAMLTests", "Support/YAML", ["YAML"]),
        tests("SQLTests", "Support/SQL", ["SQL", "SimulatedDisk"]),
        tests("CryptoTests", "Support/Crypto", ["Crypto", "Forms"]),
        tests("PatternsTests", "Support/Patterns", ["Patterns"], exclude: ["Fixtures"]),
        tests("ZonesTests", "Support/Zones", ["Zones"], exclude: ["Fixtures"]),
        tests("TemplatesTests", "Support/Templates", ["Templates"]),
        tests(
            "ArgumentsTests", "Support/Arguments", ["Arguments", "Telemetry", "PhoneNumbers", "JSON"],
            exclude: ["Fixtures"]),
        tests("DeliveryTests", "Gateway/Delivery", ["Gateway", "YAML"], exclude: ["Envelope/Fixtures"]),
        tests(
            "ConfigurationTests", "Gateway/Configuration", ["Gateway", "YAML", "JSON", "Crypto", "Zones"],
            exclude: ["Fixtures", "Examples"]),
        tests("EngineTests", "Gateway/Engine", ["Gateway", "Crypto", "JSON", "Patterns", "YAML"]),
        tests("InboundTests", "Gateway/Inbound", ["Gateway", "Crypto"]),
        tests(
            "TwilioProviderTests", "Providers/Twilio", ["TwilioProvider", "Gateway", "JSON", "Crypto", "Forms"],
            exclude: ["Fixtures"]),
        tests(
            "ChannelTests", "Channels",
            ["SMSChannel", "WhatsAppChannel", "VoiceChannel", "VideoChannel", "Gateway", "TwilioProvider"]),
        tests("StoreTests", "Stores", ["MemoryStore", "SQLiteStore", "Gateway", "SQL", "SimulatedDisk"]),
        tests(
            "SimulatorTests", "Simulator", ["Simulator", "HTTP", "EventLoop", "JSON", "Forms", "Crypto", "YAML"],
            exclude: ["Fixtures"]),
        tests(
            "ServerTests", "Server",
            [
                "Server", "Gateway", "HTTP", "EventLoop", "JSON", "MemoryStore", "SQLiteStore", "PhoneNumbers",
                "TwilioProvider", "SearchServer",
            ]),
        tests(
            "ProcessTests", "Process",
            [
                "GatewayCommand", "Gateway", "HTTP", "EventLoop", "JSON", "Forms", "Crypto", "CLinux", "SearchServer",
            ],
            exclude: ["Python"]),
        tests(
            "CommandTests", "Commands",
            [
                "Assembly", "GatewayCommand", "Gateway", "Arguments", "EventLoop", "JSON", "HTTP", "Server",
                "Telemetry", "YAML", "Zones",
            ],
            exclude: ["Fixtures"]),
        tests(
            "ScenarioTests", "Scenarios",
            [
                "Assembly", "Server", "Simulator", "Gateway", "HTTP", "JSON", "MemoryStore", "SQLiteStore", "Crypto",
                "Forms", "Zones", "Telemetry", "SQL", "SimulatedDisk", "Patterns", "SearchServer",
            ]),
    ],
    swiftLanguageModes: [.v6]
)
