import JSON
import Testing

@testable import Gateway

@Suite("channels.schema.json")
struct SchemaTests {
    private func definitions() throws -> JSONObject {
        let text = try TestFiles.text(TestFiles.root.appending(path: "channels.schema.json"))
        return try #require(JSONValue(parsing: Array(text.utf8))["$defs"]?.object)
    }

    /// The keys that the reader asks for, by section, in a file that has every section.
    private func keys() throws -> [String: Set<String>] {
        let text = try TestFiles.text(TestFiles.folder.appending(path: "Examples/everything.yaml"))
        let reader = TestCatalogue.reader(files: ["store.txt": "memory:\n"])
        let session = reader.makeSession(file: "everything.yaml")
        _ = reader.read(Array(text.utf8), in: session)
        return session.keys
    }

    @Test("has exactly the keys that the reader understands")
    func sameKeys() throws {
        let definitions = try definitions()
        let keys = try keys()
        #expect(keys.count > 25)
        for (section, understood) in keys {
            let properties = definitions[section]?["properties"]?.object?.members.map(\.key)
            let differing = Set(properties ?? []).symmetricDifference(understood).sorted()
            #expect(differing == [], "section \(section)")
        }
        // What has properties in the schema is a section of the reader; `when` is compared below.
        let described = definitions.members.filter { $0.value["properties"] != nil }.map(\.key)
        #expect(Set(described) == Set(keys.keys).union(["when"]))
    }

    @Test("has exactly the fields and words of conditions and steps")
    func sameWords() throws {
        let definitions = try definitions()
        let fields = definitions["when"]?["properties"]?.object?.members.map(\.key) ?? []
        #expect(Set(fields) == Set(MatchField.words))
        let outcomes = definitions["step"]?["properties"]?["outcomes"]?["propertyNames"]?["enum"]?.array ?? []
        #expect(outcomes.compactMap(\.string) == AttemptOutcome.allCases.map(\.word))
        let units = definitions["price"]?["properties"]?["per"]?["enum"]?.array ?? []
        #expect(units.compactMap(\.string) == PriceTable.Unit.allCases.map(\.rawValue))
    }

    @Test("every reference leads to a definition")
    func references() throws {
        let definitions = try definitions()
        var open = definitions.members.map(\.value)
        var count = 0
        while let value = open.popLast() {
            if let reference = value["$ref"]?.string {
                count += 1
                #expect(definitions[String(reference.dropFirst("#/$defs/".count))] != nil, "\(reference)")
            }
            open += value.object?.members.map(\.value) ?? value.array ?? []
        }
        #expect(count > 100)
    }

    @Test("docs/configuration.md names every key")
    func documented() throws {
        let page = try TestFiles.text(TestFiles.root.appending(path: "docs/configuration.md"))
        let words = Set(try keys().values.joined()).union(MatchField.words)
        let missing = words.filter { !page.contains("`\($0)`") }.sorted()
        #expect(missing == [])
    }
}
