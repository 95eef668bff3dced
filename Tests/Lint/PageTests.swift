import Foundation
import Testing

/// What pages say about files, targets and metrics is there.
@Suite("pages")
struct PageTests {
    @Test("every link of a page leads somewhere", arguments: ProjectTree.pages)
    func links(_ page: String) {
        let folder = page.split(separator: "/").dropLast().map(String.init)
        for target in PageText(ProjectTree.text(of: page)).links {
            let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = parts[0].isEmpty ? page : Self.resolve(parts[0], in: folder)
            #expect(ProjectTree.has(path), "\(page) links to \(target)")
            guard parts.count == 2, path.hasSuffix(".md") else { continue }
            let anchors = PageText(ProjectTree.text(of: path)).anchors
            #expect(anchors.contains(parts[1]), "\(page) links to \(target)")
        }
    }

    @Test("every make target that a page names exists", arguments: ProjectTree.pages)
    func targets(_ page: String) {
        let makefile = ProjectTree.text(of: "Makefile")
        for match in ProjectTree.text(of: page).matches(of: /`(?:\$ )?make ([a-z-]+)/) {
            let target = match.output.1
            #expect(makefile.contains(Self.rule(String(target))), "\(page) names make \(target)")
        }
    }

    @Test("the page on operations lists every metric, and no other")
    func metrics() {
        let declared = ProjectTree.swift(below: "Sources/Server").flatMap { path in
            ProjectTree.text(of: path).matches(of: /"(gateway_[a-z0-9_]+)"/).map { String($0.output.1) }
        }
        let written = ProjectTree.text(of: "docs/operations.md").matches(of: /`(gateway_[a-z0-9_]+)/).map {
            String($0.output.1)
        }
        #expect(!declared.isEmpty)
        #expect(Set(written) == Set(declared))
    }

    @Test("every decision is in the list of decisions")
    func decisions() {
        let folder = "docs/decisions/"
        let listed = PageText(ProjectTree.text(of: folder + "README.md")).links.map { folder + $0 }
        let pages = ProjectTree.pages.filter { $0.hasPrefix(folder) && !$0.hasSuffix("README.md") }
        #expect(!pages.isEmpty)
        for page in pages { #expect(listed.contains(page), "\(page) is not listed") }
    }

    @Test("no file names a path of somebody's machine")
    func machinePaths() {
        let homes = ["home/", "root/", "Users/", "work/"].map { Data(("/" + $0).utf8) }
        for path in ProjectTree.files where !path.contains("/Fixtures/") && !path.contains("/corpus/") {
            let bytes = ProjectTree.bytes(of: path)
            for home in homes {
                var rest = bytes.startIndex..<bytes.endIndex
                while let found = bytes.range(of: home, in: rest) {
                    let isBegin = found.lowerBound == bytes.startIndex || Self.isBoundary(bytes[found.lowerBound - 1])
                    #expect(!isBegin, "\(path) names \(String(decoding: home, as: UTF8.self))")
                    rest = found.upperBound..<bytes.endIndex
                }
            }
        }
    }

    /// An absolute path begins after a blank, a quote or the like, not in the middle of a relative one or of a URL.
    private static func isBoundary(_ byte: UInt8) -> Bool {
        byte <= 32 || "\"'`(=:<,|[".utf8.contains(byte)
    }

    /// The line that begins a rule of the Makefile, alone or among others.
    private static func rule(_ target: String) -> Regex<Substring> {
        let pattern = try? Regex<Substring>("(?m)^(?:[a-z-]+ )*\(target)(?: [a-z-]+)*:")
        return pattern ?? /(?!)/
    }

    private static func resolve(_ target: String, in folder: [String]) -> String {
        var parts = target.hasPrefix("/") ? [] : folder
        for part in target.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }
}
