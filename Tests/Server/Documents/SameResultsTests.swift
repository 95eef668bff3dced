import Gateway
import Testing

@Suite("the same documents through both indexes")
struct SameResultsTests {
    private func filled() throws -> IndexWorld {
        let world = try IndexWorld(TestFolder())
        for (id, boat, type, title, text) in [
            ("w.1", "aurora", "warranty", "Engine warranty Yanmar", "until 2027, hull 42"),
            ("W.1", "Aurora", "warranty", "Engine warranty of another Aurora", ""),
            ("w2", "aurora", "warranty", "Radar", "the warranty of the radar"),
            ("s1", "aurora", "maintenance", "Service record", "engine, 100 hours; warranty ends; radar checked"),
            ("w3", "boreas", "warranty", "Engine warranty Volvo", "engines engine engine"),
            ("de", "boreas", "manual", "Überprüfung der Bilgepumpe", "Motor und Welle"),
            ("el", "calypso", "manual", "Εγγύηση κινητήρα", "ρανταρ"),
            ("hr", "calypso", "manual", "Jamstvo za čamac", "motor_2 a-b"),
            ("en", "aurora", "manual", "Engines", "Ungine, enginer, angine"),
        ] {
            try world.put(id, boat, type, title, text)
        }
        for (boat, contact) in [("aurora", "ana"), ("Aurora", "zoe"), ("boreas", "ben"), ("calypso", "ben")] {
            var record = BoatRecord(id: boat, name: boat)
            record.contacts = [BoatContact(contact: contact, role: "owner")]
            try world.records.put(record)
        }
        try world.records.aimIndex(at: world.settings.target, again: false)
        try world.run()
        return world
    }

    private static let texts = [
        "engine", "engines", "ENGINE warranty", "warranties", "radar warranty", "find my warranty", "yanm", "anmar",
        "überprüfung", "uberprufung", "ΕΓΓΥΗΣΗ", "εγγυησης", "čamac", "motor", "motor_2", "a-b", "volvo 42 2027", "x",
        "\"engine\"", "engine -radar", "boat = aurora", "radar motor bilge hull hours", "",
    ]
    private static let scopes: [DocumentQuery.Scope] = [
        .all, .boat("aurora"), .boat("Aurora"), .boat("gone"), .contact("ana"), .contact("zoe"), .contact("ben"),
        .contact("nobody"),
    ]

    @Test("every query finds the same documents, as many of them", arguments: texts)
    func same(_ text: String) throws {
        let world = try filled()
        for scope in Self.scopes {
            for type in [nil, "warranty", "manual", "none"] {
                let words = SearchWords.significant(in: text)
                let query = DocumentQuery(scope, type: type, words: words, limit: 20)
                let (inside, outside) = (try world.records.documents(query), try world.find(query))
                #expect(Set(outside.documents) == Set(inside.documents), "\(text) \(scope) \(type ?? "-")")
                #expect(outside.total == inside.total)
            }
        }
    }

    @Test("the best come first in both: more words, rarer ones, titles before texts", arguments: ordered)
    func order(_ text: String, _ wanted: [String]) throws {
        let world = try filled()
        // Enough others for a word to be rare.
        for number in 0..<40 { try world.put("f\(number)", "calypso", "manual", "Mast \(number)", "boom and sail") }
        try world.run()
        let query = DocumentQuery(.boat("aurora"), words: SearchWords.significant(in: text), limit: 9)
        let (inside, outside) = (try world.records.documents(query), try world.find(query))
        #expect(inside.documents.map(\.id) == wanted, "inside")
        #expect(outside.documents.map(\.id) == wanted, "outside")
    }

    /// Near equals may change places: FTS5 also looks at how long documents are.
    private static let ordered: [(String, [String])] = [
        ("radar", ["w2", "s1"]), ("yanmar radar hull", ["w.1", "w2", "s1"]),
        ("service record warranty", ["s1", "w.1", "w2"]), ("hull", ["w.1"]),
    ]

    @Test("an index that lies shows nobody the document of another boat")
    func lie() throws {
        let world = try filled()
        world.server.lie("w3")
        world.server.lie("gone")
        for text in ["engine", "nothing"] {
            let query = DocumentQuery(.contact("ana"), words: SearchWords.significant(in: text), limit: 9)
            #expect(try world.find(query).documents.allSatisfy { $0.boat == "aurora" })
        }
        let typed = DocumentQuery(.contact("ben"), type: "manual", words: ["motor"], limit: 9)
        #expect(try !world.find(typed).documents.map(\.id).contains("w3"))
    }

    @Test("an index without its settings, or none at all, refuses")
    func refuses() throws {
        let world = try filled()
        world.server.lose()
        let question = try #require(
            try Meilisearch.Question(DocumentQuery(.all, words: ["engine"], limit: 3), world.records))
        let answer = world.ask(Meilisearch(world.settings).request([question], within: .seconds(1)))
        guard case .refused(let code) = Meilisearch.found([question], answer) else {
            Issue.record("not refused")
            return
        }
        #expect(code == "index_not_found")
    }

    @Test(
        "an answer that is none is away, whatever its bytes are",
        arguments: [
            "", "{", "[]", "{\"results\":[]}", "{\"results\":[{},{}]}", "{\"results\":[{\"hits\":[1]},{\"hits\":[]}]}",
            "{\"results\":[{\"hits\":[]},{\"hits\":[]},{\"hits\":[]}]}", "{\"results\":{\"hits\":[]}}",
        ])
    func garbage(_ body: String) throws {
        let world = try IndexWorld(TestFolder())
        let question = try #require(
            try Meilisearch.Question(DocumentQuery(.all, words: ["engine"], limit: 3), world.records))
        let answer = ProviderAnswer.answered(status: 200, headers: [], body: Array(body.utf8))
        guard case .away = Meilisearch.found([question], answer) else {
            Issue.record("taken: \(body)")
            return
        }
    }
}
