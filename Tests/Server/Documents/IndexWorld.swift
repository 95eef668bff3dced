import Foundation
import Gateway
import HTTP
import JSON
import SQLiteStore
import SearchServer

/// A store in a file, a server in memory and the feeding between them, on a virtual clock.
final class IndexWorld {
    private let folder: TestFolder
    let server = SearchServer(key: "secret")
    let records: any RecordStore
    let settings = MeilisearchSettings(
        url: "http://search.test", key: "secret", index: "documents", within: .seconds(2))
    var feed: IndexFeed
    var now = Timestamp(milliseconds: 1_800_000_000_000)
    /// What came of answers, but for nothing.
    var outcomes: [IndexFeed.Outcome] = []

    init(_ folder: TestFolder) throws {
        self.folder = folder
        records = try SQLiteFile(path: folder.path + "/gateway.db").records()
        feed = IndexFeed(settings)
    }

    func put(_ id: String, _ boat: String, _ type: String, _ title: String, _ text: String = "") throws {
        now = now + .seconds(1)
        var document = DocumentRecord(id: id, boat: boat, type: type, title: title, at: now)
        document.text = text
        try records.put(document)
    }

    /// The server's answer to a request of the gateway.
    func ask(_ request: ProviderRequest) -> ProviderAnswer {
        let headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        let target = HTTPURL(request.url)?.target ?? ""
        let answer = server.answer(
            HTTPRequest(method: request.method, target: target, headers: headers, body: request.body))
        return .answered(status: answer.status, headers: [], body: answer.body)
    }

    /// One request and what comes of it.
    /// - Parameters:
    ///   - isLost: the answer does not come.
    ///   - isKept: what it comes to is written.
    /// - Returns: whether there was something to ask.
    func step(isLost: Bool = false, isKept: Bool = true) throws -> Bool {
        if let due = feed.due { now = max(now, due) }
        let state = try records.indexState()
        let isPrepared = state?.isPrepared ?? false
        let changes = isPrepared ? try records.indexChanges(limit: IndexFeed.window) : []
        guard let request = feed.next(isPrepared: isPrepared, changes) else { return false }
        let answer = ask(request)
        let outcome = feed.cameBack(isLost ? .broken(.closed) : answer, now: now, jitter: 0.5)
        if outcome != .none { outcomes.append(outcome) }
        guard isKept else { return true }
        switch outcome {
        case .prepared: try records.noteIndexPrepared()
        case .fed(let sequences): try records.endIndexChanges(sequences)
        case .refused(let change, let code): try records.refuseIndexChange(change.sequence, code: code)
        case .lost:
            try records.aimIndex(at: settings.target, again: true)
            feed.restart()
        case .none, .away: break
        }
        return true
    }

    /// Until nothing is left to tell.
    func run() throws {
        for _ in 0..<10_000 where try !step() { return }
        throw StoreError(.failed, "the feeding does not end")
    }

    /// As the process after a kill.
    func restart() { feed = IndexFeed(settings) }

    /// What the index outside finds, checked by the store.
    func find(_ query: DocumentQuery) throws -> DocumentMatches {
        guard let question = try Meilisearch.Question(query, records) else { return try records.documents(query) }
        let answer = ask(Meilisearch(settings).request([question], within: .seconds(2)))
        guard case .answers(let answers) = Meilisearch.found([question], answer) else {
            throw StoreError(.failed, "no answers: \(answer)")
        }
        return try answers.documents(query, records)
    }
}

/// A folder that is removed with its last user.
final class TestFolder {
    let path = NSTemporaryDirectory() + "gateway-index-" + UUID().uuidString.prefix(13)

    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
