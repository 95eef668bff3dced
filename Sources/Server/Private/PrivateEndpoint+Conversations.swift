import Gateway
import HTTP
import JSON
import PhoneNumbers

// Conversations: what went to and came from people, over all channels.

extension PrivateEndpoint {
    func conversations(_ request: HTTPRequest, _ name: String, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "messages:read")
        let query = try ListQuery(request, filters: name.isEmpty ? [] : ["q"])
        let party = name.isEmpty ? nil : try Self.party(name)
        let words = SearchWords.significant(in: query.filters["q"] ?? "")
        let views = ConversationViews(records: records, directory: directory, tenant: key.tenant)
        store(respond) { () throws(StoreError) in
            guard let party else { return Self.view(try views.newest(before: query.cursor, limit: query.limit)) }
            return try views.history(with: party, before: query.cursor, words: words, limit: query.limit)
                .map(Self.view)
        }
    }

    private static func view(_ page: ConversationViews.Page) -> JSONValue {
        ["data": .array(page.entries), "next_cursor": page.next.map { .string($0.digits) } ?? .null]
    }

    /// `contact:ID`, `boat:ID`, or a number.
    private static func party(_ name: String) throws(Problem) -> ConversationViews.Party {
        // What else a name is made of needs no escape in a path (RFC 3986 section 3.3), nor do these two.
        let name = [("%3A", ":"), ("%3a", ":"), ("%2B", "+"), ("%2b", "+")].reduce(name) { name, escape in
            name.replacing(escape.0, with: escape.1)
        }
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, JobCodec.isIdentifier(parts[1]) {
            if parts[0] == "contact" { return .contact(parts[1]) }
            if parts[0] == "boat" { return .boat(parts[1]) }
        }
        if let number = try? E164(parsing: name) { return .number(number.text) }
        throw Problem(
            400, "bad_party", "A conversation is named contact:ID, boat:ID, or by a number such as +41791234567.")
    }
}
