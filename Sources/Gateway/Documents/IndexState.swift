/// How far an index outside of the store is.
public struct IndexState: Sendable, Hashable {
    /// Which one: server and name.
    public var target: String
    /// It is there, was emptied, and knows how to search.
    public var isPrepared: Bool
    /// There are documents whose last change it has not been told of.
    public var isBehind: Bool

    /// Nothing waits, so a search there finds what one in the store finds.
    public var isComplete: Bool { isPrepared && !isBehind }

    /// A state.
    public init(target: String, isPrepared: Bool, isBehind: Bool) {
        self.target = target
        self.isPrepared = isPrepared
        self.isBehind = isBehind
    }
}

/// How many documents an index outside does not have as they are now.
public struct IndexCounts: Sendable, Hashable {
    /// Their last change it has not been told of.
    public var waiting: Int
    /// Their last change it refused.
    public var refused: Int

    /// Counts.
    public init(waiting: Int = 0, refused: Int = 0) {
        self.waiting = waiting
        self.refused = refused
    }
}

/// A document that was put or removed, for an index outside.
public struct IndexChange: Sendable, Hashable {
    /// Rises with every change, and is never used twice.
    public var sequence: Int64
    /// The document's id.
    public var id: String
    /// As it is now, with its text; `nil` when it is gone.
    public var document: DocumentRecord?

    /// A change.
    public init(_ sequence: Int64, id: String, _ document: DocumentRecord?) {
        self.sequence = sequence
        self.id = id
        self.document = document
    }
}

/// A document that an index outside refused.
public struct IndexRefusal: Sendable, Hashable {
    /// The document's id.
    public var id: String
    /// The index's own code, such as `invalid_document_id`.
    public var code: String

    /// A refusal.
    public init(id: String, code: String) {
        self.id = id
        self.code = code
    }
}

/// What an index outside found: ids, the best first. It only finds: what is told of documents, and whose they are, the
/// store says.
public struct IndexAnswers: Sendable {
    /// By what was asked; the store's own index is searched for every other query.
    public var found: [DocumentQuery: [String]] = [:]

    /// No answer.
    public init() {}

    /// The documents for a query.
    public func documents(_ query: DocumentQuery, _ records: any RecordStore) throws(StoreError) -> DocumentMatches {
        guard let ids = found[query] else { return try records.documents(query) }
        return try records.documents(ids, within: query)
    }
}
