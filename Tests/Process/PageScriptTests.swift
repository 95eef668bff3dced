import Foundation
import Testing

extension ProcessTests {
    /// Pages whose commands a reader is told to paste: they are pasted, and print what stands below them.
    @Suite("pages that can be pasted", .serialized)
    struct PageScriptTests {
        /// A block of commands with what it prints.
        private struct Passage {
            var line: Int
            var commands: String
            var printed: String
        }

        private func passages(of page: String) throws -> [Passage] {
            var passages: [Passage] = []
            var block: (language: String, line: Int, text: [Substring])?
            for (number, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if line.hasPrefix("```") {
                    if let ended = block {
                        let text = ended.text.joined(separator: "\n")
                        if ended.language == "sh" {
                            passages.append(Passage(line: ended.line, commands: text, printed: ""))
                        } else if !passages.isEmpty {
                            passages[passages.count - 1].printed = text
                        }
                        block = nil
                    } else {
                        block = (String(line.dropFirst(3)), number + 1, [])
                    }
                } else {
                    block?.text.append(line)
                }
            }
            return passages
        }

        /// Whether the pieces of a pattern between `…` stand in a text in their order.
        private func fits(_ text: Substring, _ pattern: Substring) -> Bool {
            var rest = text
            for piece in pattern.split(separator: "…") {
                guard let range = rest.range(of: piece) else { return false }
                rest = rest[range.upperBound...]
            }
            return true
        }

        @Test("what the page says is what happens", arguments: ["docs/two-way.md"])
        func paste(_ name: String) throws {
            let gateway = try RunningGateway(Setup.shipped())
            let page = try Repository.file(name)
                .replacing("http://127.0.0.1:8081", with: gateway.privateURL)
                .replacing("http://127.0.0.1:8082", with: gateway.simulator.url)
            let passages = try passages(of: page)
            #expect(passages.count > 5)
            // One shell for all of the page, as a reader has.
            let mark = "=== next ==="
            let script = passages.map { $0.commands + "\necho '\(mark)'" }.joined(separator: "\n")
            let program = try Program(
                "/bin/bash", ["-c", "set -euo pipefail\ncd '\(gateway.folder.path)'\n" + script], environment: [:],
                in: gateway.folder)
            #expect(try program.wait(upTo: 120) == 0, "\(program.errorOutput)")
            let outputs = program.output.components(separatedBy: mark + "\n")
            try #require(outputs.count == passages.count + 1, "\(program.output)\n\(program.errorOutput)")
            for (passage, output) in zip(passages, outputs) where !passage.printed.isEmpty {
                let lines = output.split(separator: "\n")
                let patterns = passage.printed.split(separator: "\n")
                #expect(lines.count == patterns.count, "line \(passage.line): \(output)")
                for (line, pattern) in zip(lines, patterns) {
                    #expect(fits(line, pattern), "line \(passage.line):\n\(line)\ndoes not look like\n\(pattern)")
                }
            }
        }
    }
}
