import Foundation

/// The files of the project as they lie on the disk, without what was built.
enum ProjectTree {
    /// The folder of Package.swift.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static let leftOut: Set<String> = [".git", "data", "__pycache__", "Package.resolved"]

    /// Paths below the root, in order.
    static let files: [String] = walk("").sorted()

    /// Swift files below a folder, such as `Sources/Gateway`.
    static func swift(below folder: String) -> [String] {
        files.filter { $0.hasPrefix(folder + "/") && $0.hasSuffix(".swift") }
    }

    /// Pages that people read.
    static var pages: [String] { files.filter { $0.hasSuffix(".md") } }

    /// Bytes of a file below the root.
    static func bytes(of path: String) -> Data { FileManager.default.contents(atPath: root + "/" + path) ?? Data() }

    /// Text of a file below the root.
    static func text(of path: String) -> String { String(decoding: bytes(of: path), as: UTF8.self) }

    /// Whether a file or folder is there.
    static func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

    private static func walk(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
        return names.flatMap { name -> [String] in
            guard !leftOut.contains(name), !name.hasPrefix(".build") else { return [] }
            let path = folder.isEmpty ? name : folder + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) else { return [] }
            return isFolder.boolValue ? walk(path) : [path]
        }
    }
}
