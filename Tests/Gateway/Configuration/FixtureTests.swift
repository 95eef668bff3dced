import Gateway
import Testing

@Suite("Mistakes in channels.yaml")
struct FixtureTests {
    @Test(
        "each mistake is reported with its place and what to do, and nothing else is", arguments: TestFiles.fixtures())
    func mistake(_ name: String) throws {
        let text = try TestFiles.text(TestFiles.folder.appending(path: "Fixtures/" + name))
        let prefix = "# expect "
        let expected = text.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
        try #require(!expected.isEmpty)
        let reading = TestCatalogue.read(
            text, environment: ["HIDDEN": "hidden-value"], files: ["token": "0123456789abcdef0123456789abcdef\n"])
        let found = reading.diagnostics.map { $0.text.dropFirst($0.file.count + 1) }
        #expect(found == expected)
        let hasError = reading.diagnostics.contains { $0.severity == .error }
        #expect((reading.configuration == nil) == hasError)
        #expect(!found.contains { $0.contains("hidden") })
    }

    @Test("there is a fixture for every code that the documentation lists, and no other")
    func codes() throws {
        var used: Set<String> = []
        for name in TestFiles.fixtures() {
            let text = try TestFiles.text(TestFiles.folder.appending(path: "Fixtures/" + name))
            for line in text.split(separator: "\n") where line.hasPrefix("# expect ") {
                used.insert(String(line.split(separator: "[").last?.dropLast() ?? ""))
            }
        }
        let page = try TestFiles.text(TestFiles.root.appending(path: "docs/configuration.md"))
        let listed = page.split(separator: "\n").filter {
            $0.hasPrefix("| `") && $0.contains("| error |") || $0.contains("| warning |")
        }
        .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
        #expect(Set(listed) == used.filter { !$0.hasPrefix("yaml_") })
    }
}
