import Gateway
import Testing

@Suite("docs/api.md: errors")
struct ErrorPageTests {
    @Test("it has every code in the row of its severity, once", arguments: ErrorCode.allCases)
    func codes(code: ErrorCode) throws {
        let rows = try TestFolder.text(ofRepositoryFile: "docs/api.md").split(separator: "\n").filter {
            $0.hasPrefix("| `") && $0.contains("`\(code.rawValue)`")
        }
        #expect(rows.count == 1)
        #expect(rows.first?.hasPrefix("| `\(code.severity.word)`: ") == true)
    }
}
