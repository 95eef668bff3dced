import Gateway
import Testing

@Suite("documents of every store")
struct DocumentContractTests {
    private func document(
        _ id: String, _ boat: String, _ type: String, _ title: String, _ text: String = "", at: Int64 = 1
    ) -> DocumentRecord {
        var document = DocumentRecord(id: id, boat: boat, type: type, title: title, at: Sample.time(at))
        document.text = text
        return document
    }

    private func filled(_ kind: StoreKind) throws -> any RecordStore {
        let records = try StoreFixture(kind).records
        try records.put(document("w1", "aurora", "warranty", "Engine warranty Yanmar", "until 2027, hull 42", at: 1))
        try records.put(document("w2", "aurora", "warranty", "Radar", "the warranty of the radar", at: 2))
        try records.put(document("s1", "aurora", "maintenance", "Service record", "engine, 100 hours", at: 3))
        try records.put(document("w3", "boreas", "warranty", "Engine warranty Volvo", at: 4))
        try records.put(Sample.boat("aurora", ("ana", "owner")))
        try records.put(Sample.boat("boreas", ("ben", "owner"), ("eve", "broker")))
        try records.put(Sample.boat("calypso", ("eve", "owner")))
        return records
    }

    private func ids(_ records: any RecordStore, _ query: DocumentQuery) throws -> [String] {
        try records.documents(query).documents.map(\.id)
    }

    @Test("a document comes back whole, is replaced whole, and keeps when it was made", arguments: StoreKind.allCases)
    func whole(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        var first = document("d", "aurora", "warranty", "Engine", "first text", at: 5)
        first.url = "https://example.org/d"
        try records.put(first)
        #expect(try records.document("d") == first)
        #expect(try records.document("D") == nil)
        var second = document("d", "boreas", "manual", "Radar", "second words", at: 9)
        try records.put(second)
        second.created = Sample.time(5)
        #expect(try records.document("d") == second)
        #expect(try ids(records, DocumentQuery(.boat("aurora"), words: ["first"], limit: 9)).isEmpty)
        #expect(try ids(records, DocumentQuery(.boat("boreas"), words: ["first"], limit: 9)).isEmpty)
        #expect(try ids(records, DocumentQuery(.boat("boreas"), words: ["second"], limit: 9)) == ["d"])
        #expect(try records.removeDocument("d"))
        #expect(try !records.removeDocument("d"))
        #expect(try ids(records, DocumentQuery(.all, words: ["second"], limit: 9)).isEmpty)
        #expect(try records.document("d") == nil)
    }

    @Test("documents are listed in pages by their id", arguments: StoreKind.allCases)
    func pages(_ kind: StoreKind) throws {
        let records = try filled(kind)
        #expect(try records.documents(after: nil, limit: 3).map(\.id) == ["s1", "w1", "w2"])
        #expect(try records.documents(after: "w2", limit: 3).map(\.id) == ["w3"])
        #expect(try records.documents(after: nil, limit: 1).first?.text == "engine, 100 hours")
    }

    @Test("only the boats of the scope are searched", arguments: StoreKind.allCases)
    func scopes(_ kind: StoreKind) throws {
        let records = try filled(kind)
        let words = ["engine"]
        #expect(try ids(records, DocumentQuery(.boat("aurora"), words: words, limit: 9)) == ["w1", "s1"])
        #expect(try ids(records, DocumentQuery(.boat("boreas"), words: words, limit: 9)) == ["w3"])
        #expect(try ids(records, DocumentQuery(.boat("aur"), words: words, limit: 9)).isEmpty)
        #expect(try ids(records, DocumentQuery(.contact("ana"), words: words, limit: 9)) == ["w1", "s1"])
        #expect(try ids(records, DocumentQuery(.contact("eve"), words: words, limit: 9)) == ["w3"])
        #expect(try ids(records, DocumentQuery(.contact("nobody"), words: words, limit: 9)).isEmpty)
        #expect(try records.documents(DocumentQuery(.all, words: words, limit: 9)).total == 3)
        // The word of a boat's id is no word of its documents.
        #expect(try ids(records, DocumentQuery(.all, words: ["aurora", "b6175726f7261"], limit: 9)).isEmpty)
    }

    @Test("a type and a limit hold, and the total counts all", arguments: StoreKind.allCases)
    func limits(_ kind: StoreKind) throws {
        let records = try filled(kind)
        let typed = try records.documents(DocumentQuery(.contact("ana"), type: "warranty", limit: 1))
        #expect(typed.documents.map(\.id) == ["w2"])
        #expect(typed.total == 2)
        #expect(typed.documents.first?.text == "")
        let worded = try records.documents(DocumentQuery(.all, type: "warranty", words: ["engine"], limit: 1))
        #expect(worded.total == 2)
        #expect(try ids(records, DocumentQuery(.all, limit: 9)) == ["w3", "s1", "w2", "w1"])
        let nothing = try records.documents(DocumentQuery(.contact("ana"), type: "manual", words: ["engine"], limit: 9))
        #expect(nothing == DocumentMatches([], of: 0))
    }

    @Test("titles come before texts, and more words before fewer", arguments: StoreKind.allCases)
    func ranks(_ kind: StoreKind) throws {
        let records = try filled(kind)
        #expect(try ids(records, DocumentQuery(.boat("aurora"), words: ["warranty"], limit: 9)) == ["w1", "w2"])
        let two = DocumentQuery(.boat("aurora"), words: ["radar", "warranty"], limit: 9)
        #expect(try ids(records, two) == ["w2", "w1"])
    }

    @Test("other forms of a word are found, and nothing in a word is an operator", arguments: StoreKind.allCases)
    func forms(_ kind: StoreKind) throws {
        let records = try filled(kind)
        func found(_ text: String) throws -> [String] {
            try ids(records, DocumentQuery(.boat("aurora"), words: SearchWords.significant(in: text), limit: 9))
        }
        #expect(try found("warranties") == ["w1", "w2"])
        #expect(try found("ENGINES?") == ["w1", "s1"])
        #expect(try found("yanm") == ["w1"])
        #expect(try found("anmar").isEmpty)
        for text in ["\" OR title:*", "NEAR(engine)", "engine NOT radar", "title : radar", "^radar", "- radar* +"] {
            #expect(throws: Never.self) { try found(text) }
        }
        for word in ["\"", "", "*", "a\"b", "(", "{title}"] {
            #expect(throws: Never.self) {
                try records.documents(DocumentQuery(.all, words: [word, "radar"], limit: 9))
            }
        }
    }

    @Test("accents and capitals make no difference", arguments: StoreKind.allCases)
    func accents(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(document("de", "b", "manual", "Überprüfung der Bilgepumpe"))
        try records.put(document("fr", "b", "manual", "Règlement d'assurance"))
        try records.put(document("el", "b", "manual", "Εγγύηση κινητήρα"))
        try records.put(document("hr", "b", "manual", "Jamstvo za čamac"))
        for (text, wanted) in [
            ("überprüfung", "de"), ("uberprufung", "de"), ("reglement", "fr"), ("ΕΓΓΥΗΣΗ", "el"), ("εγγυησης", "el"),
            ("camac", "hr"), ("ČAMAC", "hr"),
        ] {
            let words = SearchWords.significant(in: text)
            #expect(try ids(records, DocumentQuery(.all, words: words, limit: 9)) == [wanted], "\(text)")
        }
    }
}
