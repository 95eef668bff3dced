import Gateway
import Testing

@Suite("what an index outside is told of, of every store")
struct IndexContractTests {
    private func document(_ id: String, _ title: String = "Engine", boat: String = "aurora") -> DocumentRecord {
        DocumentRecord(id: id, boat: boat, type: "manual", title: title, at: Sample.time(1))
    }

    private func waiting(_ records: any RecordStore) throws -> [String] {
        try records.indexChanges(limit: 99).map { ($0.document == nil ? "-" : "+") + $0.id }
    }

    @Test("without an index nothing is noted; with one, all that is there comes first", arguments: StoreKind.allCases)
    func aims(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        #expect(try records.indexState() == nil)
        try records.put(document("a"))
        try records.put(document("b"))
        #expect(try records.removeDocument("b"))
        #expect(try waiting(records).isEmpty)
        try records.aimIndex(at: "one", again: false)
        #expect(try waiting(records) == ["+a"])
        #expect(try records.indexState() == IndexState(target: "one", isPrepared: false, isBehind: true))
        try records.noteIndexPrepared()
        try records.endIndexChanges(try records.indexChanges(limit: 9).map(\.sequence))
        #expect(try records.indexState()?.isComplete == true)
        try records.aimIndex(at: "one", again: false)
        #expect(try records.indexState()?.isComplete == true)
        try records.aimIndex(at: "one", again: true)
        #expect(try records.indexState() == IndexState(target: "one", isPrepared: false, isBehind: true))
        try records.noteIndexPrepared()
        try records.aimIndex(at: "two", again: false)
        #expect(try records.indexState() == IndexState(target: "two", isPrepared: false, isBehind: true))
        try records.aimIndex(at: nil, again: false)
        #expect(try records.indexState() == nil)
        #expect(try waiting(records).isEmpty)
        try records.put(document("c"))
        #expect(try waiting(records).isEmpty)
    }

    @Test("a document waits once, behind the others when it changes again", arguments: StoreKind.allCases)
    func changes(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.aimIndex(at: "one", again: false)
        try records.put(document("a"))
        try records.put(document("b"))
        try records.put(document("a", "Radar"))
        #expect(try waiting(records) == ["+b", "+a"])
        #expect(try records.indexCounts() == IndexCounts(waiting: 2, refused: 0))
        #expect(try records.indexChanges(limit: 9).last?.document?.title == "Radar")
        #expect(try records.indexChanges(limit: 1).map(\.id) == ["b"])
        #expect(try records.removeDocument("b"))
        #expect(try !records.removeDocument("nothing"))
        #expect(try waiting(records) == ["+a", "-b"])
    }

    @Test("what was told while the document changed again still waits", arguments: StoreKind.allCases)
    func overtaken(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.aimIndex(at: "one", again: false)
        try records.put(document("a"))
        let told = try records.indexChanges(limit: 9).map(\.sequence)
        try records.put(document("a", "Radar"))
        try records.endIndexChanges(told)
        #expect(try waiting(records) == ["+a"])
        let last = try records.indexChanges(limit: 9).map(\.sequence)
        try records.endIndexChanges(last)
        #expect(try waiting(records).isEmpty)
        try records.put(document("a", "Mast"))
        try records.endIndexChanges(last + told)
        #expect(try waiting(records) == ["+a"])
    }

    @Test("what is refused stands aside until it changes", arguments: StoreKind.allCases)
    func refused(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.aimIndex(at: "one", again: false)
        try records.noteIndexPrepared()
        try records.put(document("a"))
        let sequence = try #require(try records.indexChanges(limit: 1).first?.sequence)
        try records.refuseIndexChange(sequence, code: "invalid_document_fields")
        #expect(try waiting(records).isEmpty)
        #expect(try records.indexState() == IndexState(target: "one", isPrepared: true, isBehind: false))
        #expect(try records.indexCounts() == IndexCounts(waiting: 0, refused: 1))
        #expect(
            try records.refusedIndexChanges(limit: 9) == [IndexRefusal(id: "a", code: "invalid_document_fields")])
        try records.put(document("a", "Radar"))
        #expect(try waiting(records) == ["+a"])
        #expect(try records.refusedIndexChanges(limit: 9).isEmpty)
    }

    @Test(
        "ids that an index found are told in its order, of allowed boats and types alone", arguments: StoreKind.allCases
    )
    func told(_ kind: StoreKind) throws {
        let records = try StoreFixture(kind).records
        try records.put(Sample.boat("aurora", ("ana", "owner")))
        for id in ["a", "b", "c"] { try records.put(document(id)) }
        try records.put(document("x", boat: "boreas"))
        func ids(_ scope: DocumentQuery.Scope, type: String? = nil, limit: Int = 9) throws -> ([String], Int) {
            let query = DocumentQuery(scope, type: type, words: ["unused"], limit: limit)
            let matches = try records.documents(["x", "c", "gone", "a", "b"], within: query)
            return (matches.documents.map(\.id), matches.total)
        }
        #expect(try ids(.all) == (["x", "c", "a", "b"], 4))
        #expect(try ids(.contact("ana")) == (["c", "a", "b"], 3))
        #expect(try ids(.boat("boreas")) == (["x"], 1))
        #expect(try ids(.contact("eve")) == ([], 0))
        #expect(try ids(.all, type: "warranty") == ([], 0))
        #expect(try ids(.boat("aurora"), limit: 2) == (["c", "a"], 3))
    }

    @Test("a search that has no time left fails as late, and the next one works", arguments: StoreKind.allCases)
    func late(_ kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        for number in 0..<400 { try fixture.records.put(document("d\(number)")) }
        var query = DocumentQuery(.boat("aurora"), words: ["engine"], limit: 3)
        query.within = .zero
        for _ in 0..<3 {
            let error = #expect(throws: StoreError.self) { try fixture.records.documents(query) }
            #expect(error?.kind == .late)
        }
        query.within = .seconds(60)
        #expect(try fixture.records.documents(query).total == 400)
        query.within = nil
        #expect(try fixture.records.documents(query).total == 400)
    }
}
