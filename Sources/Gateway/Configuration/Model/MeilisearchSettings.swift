/// An index of documents outside of the store: `gateway.documents` with `index: meilisearch`.
public struct MeilisearchSettings: Sendable, Hashable {
    /// Where the server is, without a trailing slash.
    public var url: String
    /// Its key; empty for none.
    public var key: String
    /// The index's name there, `[A-Za-z0-9_-]{1,400}`.
    public var index: String
    /// Within which a search must have answered, 100 ms to 10 s; then the store's own index is searched.
    public var within: Duration

    /// A server and its index.
    public init(url: String, key: String, index: String, within: Duration) {
        self.url = url
        self.key = key
        self.index = index
        self.within = within
    }

    /// What was fed once to one such place is not fed again.
    public var target: String { url + "\n" + index }
}
