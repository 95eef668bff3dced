import Testing

/// The direction of the dependencies is the architecture; the package's manifest and every import keep to it.
@Suite("modules")
struct ModuleTests {
    /// Modules of the toolchain that any module may import.
    static let toolchain: Set<String> = [
        "Dispatch", "FoundationEssentials", "Glibc", "Musl", "Synchronization", "Swift", "Testing",
    ]
    /// Value modules: no thread, no socket, no file.
    static let values: Set<String> = [
        "Arguments", "CSV", "Crypto", "Forms", "JSON", "Patterns", "PhoneNumbers", "RESP", "Telemetry", "Templates",
        "YAML",
        "Zones",
    ]

    /// What a folder's files may import beside the toolchain.
    static let allowed: [(folder: String, modules: Set<String>)] = [
        ("Sources/Gateway", values.subtracting(["Forms", "CSV"])),
        ("Sources/Channels", values.union(["Gateway"])),
        ("Sources/Providers", values.union(["Gateway"])),
        ("Sources/Stores/Memory", ["Gateway"]),
        ("Sources/Stores/SQLite", ["Gateway", "SQL"]),
        ("Sources/Simulator", values.union(["EventLoop", "HTTP"])),
        ("Sources/Server", values.union(["Gateway", "EventLoop", "HTTP", "Redis", "TLS", "CLinux"])),
        (
            "Sources/Support",
            values.union(["EventLoop", "HTTP", "TLS", "CLinux", "COpenSSL", "CSQLite", "CYAML"])
        ),
    ]

    @Test("a module imports only what lies below it", arguments: allowed.map(\.folder))
    func imports(_ folder: String) throws {
        let allowed = try #require(Self.allowed.first { $0.folder == folder }).modules.union(Self.toolchain)
        let files = ProjectTree.swift(below: folder)
        #expect(!files.isEmpty)
        for path in files {
            for module in Self.imports(of: ProjectTree.text(of: path)) {
                #expect(allowed.contains(module), "\(path) imports \(module)")
            }
        }
    }

    @Test("imports are read with their attributes and kinds")
    func readsImports() {
        let text = "@preconcurrency import A\nimport struct B.C\n// import D\n\nimport E  // why\n"
        #expect(Self.imports(of: text) == ["A", "B", "E"])
    }

    @Test("the package depends on no other package")
    func noPackages() {
        let manifest = CodeText(ProjectTree.text(of: "Package.swift"))
        #expect(manifest.lines(matching: /\.package\s*\(/).isEmpty)
        #expect(manifest.lines(matching: /\.product\s*\(/).isEmpty)
    }

    private static func imports(of source: String) -> [String] {
        let line =
            /(?m)^(?:@\w+\s+|public\s+|package\s+|internal\s+)*import\s+(?:(?:struct|class|enum|protocol|func|let|var|typealias)\s+)?(\w+)/
        return CodeText(source).text.matches(of: line).map { String($0.output.1) }
    }
}
