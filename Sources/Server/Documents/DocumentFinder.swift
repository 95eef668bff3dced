import Gateway
import Synchronization

/// Asks an index outside for documents, where there is one that has all of them; else the store's own index is
/// searched.
public final class DocumentFinder: Sendable {
    /// The index outside.
    public struct Outside: Sendable {
        /// Knows its wire format.
        public var server: Meilisearch
        /// Is told when it has lost its index.
        public var thread: DocumentIndexThread
        /// Makes a request.
        public var exchange: @Sendable (ProviderRequest, @escaping @Sendable (ProviderAnswer) -> Void) -> Void

        /// An index that a thread feeds.
        public init(
            server: Meilisearch, thread: DocumentIndexThread,
            exchange: @escaping @Sendable (ProviderRequest, @escaping @Sendable (ProviderAnswer) -> Void) -> Void
        ) {
            self.server = server
            self.thread = thread
            self.exchange = exchange
        }
    }

    /// What became of searches for which an index outside is configured.
    enum Outcome: String, CaseIterable, Sendable {
        /// It answered.
        case found
        /// It has not all documents yet, so it was not asked.
        case behind
        /// It gave no answer in its time that can be used.
        case away
        /// It refused to search.
        case refused
    }

    private let records: any RecordStore
    let outside: Outside?
    private let results = Mutex([Outcome: Int]())

    /// - Parameter outside: `nil` for the store's own index alone.
    public init(records: any RecordStore, outside: Outside?) {
        self.records = records
        self.outside = outside
    }

    /// What became of searches since the start.
    var outcomes: [Outcome: Int] { results.withLock { $0 } }

    /// Asks for queries, and calls `completion` on `thread`. It is called on that thread too, and completes at once where
    /// nothing is to be asked; nobody else waits meanwhile. Outside it may take half of the time that the queries have,
    /// so that enough is left for the store's own index.
    func find(
        _ queries: [DocumentQuery], on thread: BlockingThread,
        _ completion: @escaping @Sendable (IndexAnswers) -> Void
    ) {
        guard let outside else { return completion(IndexAnswers()) }
        let questions = queries.compactMap { (try? Meilisearch.Question($0, records)) ?? nil }
        guard !questions.isEmpty else { return completion(IndexAnswers()) }
        guard (try? records.indexState())?.isComplete ?? false else {
            count(.behind)
            return completion(IndexAnswers())
        }
        let half = queries.compactMap(\.within).min().map { $0 / 2 }
        let time = min(outside.server.settings.within, half ?? outside.server.settings.within)
        outside.exchange(outside.server.request(questions, within: time)) { [self] answer in
            thread.run { [self] in completion(answers(questions, answer, outside)) }
        }
    }

    private func answers(_ questions: [Meilisearch.Question], _ answer: ProviderAnswer, _ outside: Outside)
        -> IndexAnswers
    {
        switch Meilisearch.found(questions, answer) {
        case .answers(let answers):
            count(.found)
            return answers
        case .refused:
            count(.refused)
            outside.thread.lost()
        case .away: count(.away)
        }
        return IndexAnswers()
    }

    private func count(_ outcome: Outcome) { results.withLock { $0[outcome, default: 0] += 1 } }
}
