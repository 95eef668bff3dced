/// What is looked for among documents.
public struct DocumentQuery: Sendable, Hashable {
    /// Whose documents.
    public enum Scope: Sendable, Hashable {
        case all
        case boat(String)
        /// Of all boats on which the contact has a role.
        case contact(String)
    }

    /// Nothing outside of it is ever found.
    public var scope: Scope
    /// Only documents of this type; `nil` for all.
    public var type: String?
    /// As `SearchWords` makes them: a document that contains one of them, or the beginning of one, is found, and the more
    /// and the rarer ones it has the earlier it comes; a title counts more than a text. Empty for every document, the
    /// newest first.
    public var words: [String]
    /// Documents in the answer, at least 1.
    public var limit: Int
    /// How long the store may take; `nil` for as long as it takes. Beyond it the query fails as `late`.
    public var within: Duration?

    /// A query within a scope.
    public init(_ scope: Scope, type: String? = nil, words: [String] = [], limit: Int) {
        self.scope = scope
        self.type = type
        self.words = words
        self.limit = limit
    }
}

/// What a query found.
public struct DocumentMatches: Sendable, Hashable {
    /// The best ones, without their texts.
    public var documents: [DocumentRecord]
    /// How many there are.
    public var total: Int

    /// Documents of a total.
    public init(_ documents: [DocumentRecord], of total: Int) {
        self.documents = documents
        self.total = total
    }
}
