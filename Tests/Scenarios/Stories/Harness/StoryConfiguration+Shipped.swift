import Foundation
import Testing

extension StoryConfiguration {
    /// A section of the channels.yaml that is shipped.
    static func shipped(_ section: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../..")
        let lines = try String(contentsOf: root.appending(path: "channels.yaml"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0 == section + ":" })
        let end = lines[first...].firstIndex(of: "") ?? lines.endIndex
        return lines[first..<end].joined(separator: "\n")
    }
}
