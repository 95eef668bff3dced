import FoundationEssentials

/// Files of the repository, found from this source file.
enum TestFiles {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = folder.appending(path: "../../..").standardized

    static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

    static func shipped() throws -> String { try text(root.appending(path: "channels.yaml")) }

    /// The fixtures of a folder in the order of their names.
    static func fixtures(_ name: String = "Fixtures") -> [String] {
        let path = folder.appending(path: name).path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
            .filter { $0.hasSuffix(".yaml") }.sorted()
    }
}
