import FoundationEssentials

/// Files of these tests and of the repository, found from this source file.
enum TestFolder {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    static let root = folder.appending(path: "../..").standardized

    static func fixture(_ name: String) -> String { folder.appending(path: "Fixtures").appending(path: name).path }

    static func text(ofRepositoryFile path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
