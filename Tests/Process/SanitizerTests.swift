import Foundation
import Testing

extension ProcessTests {
    @Suite("under a sanitizer", .serialized)
    struct SanitizerTests {
        @Test("the program that is tested is built with the sanitizer of its tests", arguments: Sanitizer.marks)
        func program(_ mark: String) throws {
            let program = try Data(contentsOf: URL(fileURLWithPath: Repository.program), options: .alwaysMapped)
            #expect((program.range(of: Data(mark.utf8)) != nil) == Sanitizer.isHere(mark))
        }

        @Test(
            "a report fails the test that started the program, whatever ended the program",
            arguments: ["exit 0", "kill -9 $$", "exec tail -f /dev/null"])
        func report(_ end: String) throws {
            try withKnownIssue {
                let folder = try Folder()
                let line = "WARNING: ThreadSanitizer: data race (pid=1)"
                let program = try Program("/bin/sh", ["-c", "echo '\(line)' >&2; echo said; \(end)"], in: folder)
                #expect(try program.firstLine() == "said")
                if !end.hasPrefix("exec tail") { try program.wait() }
            } matching: { issue in
                issue.comments.contains { $0.rawValue.contains("data race (pid=1)") }
            }
        }
    }
}
