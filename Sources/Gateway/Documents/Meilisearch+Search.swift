import Glibc
import JSON

extension Meilisearch {
    /// A query, with the boats that it is within as the store has them; `nil` for all.
    public struct Question: Sendable {
        var query: DocumentQuery
        var boats: [String]?

        init(_ query: DocumentQuery, boats: [String]?) {
            self.query = query
            self.boats = boats
        }

        /// `nil` for what needs no index: a query without words, or within no boat.
        public init?(_ query: DocumentQuery, _ records: any RecordStore) throws(StoreError) {
            guard !query.words.isEmpty else { return nil }
            self.query = query
            switch query.scope {
            case .all: boats = nil
            case .boat(let boat): boats = [boat]
            case .contact(let contact): boats = try records.boats(ofContact: contact).map(\.id)
            }
            if boats?.isEmpty ?? false { return nil }
        }

        /// Words of the index that are looked for: two of one stem are one.
        fileprivate var stems: [String] {
            var stems: [String] = []
            for stem in query.words.map(SearchWords.stem) where !stems.contains(stem) { stems.append(stem) }
            return stems
        }
    }

    private static let attributes = ["title", "text"]

    /// One request for some questions: every word in titles and in texts.
    public func request(_ questions: [Question], within time: Duration) -> ProviderRequest {
        var searches: [JSONValue] = []
        for question in questions {
            let filter = Self.filter(question)
            for stem in question.stems {
                for attribute in Self.attributes {
                    var search: JSONObject = [
                        "indexUid": .string(settings.index), "q": .string(stem), "limit": .int(Self.hits),
                        "attributesToSearchOn": [.string(attribute)], "attributesToRetrieve": ["id", "updated"],
                        "sort": ["updated:desc"],
                    ]
                    if !filter.isEmpty { search["filter"] = .array(filter) }
                    searches.append(.object(search))
                }
            }
        }
        var request = call("POST", "/multi-search", ["queries": .array(searches)])
        request.timeout = time
        return request
    }

    /// Conditions that all hold. Every value is of hexadecimal digits, so nothing in it is an operator.
    private static func filter(_ question: Question) -> [JSONValue] {
        var filter: [JSONValue] = []
        if let boats = question.boats {
            filter.append(.string("boat IN [" + boats.map(key).joined(separator: ", ") + "]"))
        }
        if let type = question.query.type { filter.append(.string("type = " + key(type))) }
        return filter
    }

    /// What an answer to questions comes to.
    public enum Found: Sendable {
        case answers(IndexAnswers)
        /// It refuses to search: the index is not there, or does not know how.
        case refused(code: String)
        /// There is no answer that can be used.
        case away
    }

    /// Reads the answer to some questions.
    public static func found(_ questions: [Question], _ answer: ProviderAnswer) -> Found {
        guard case .answered(let status, _, let body) = answer else { return .away }
        let value = try? JSONValue(parsing: body)
        guard (200...299).contains(status) else {
            return [400, 404].contains(status) ? .refused(code: code(value) ?? "http_\(status)") : .away
        }
        guard let results = value?["results"]?.array,
            results.count == questions.reduce(0, { $0 + $1.stems.count * attributes.count })
        else { return .away }
        var answers = IndexAnswers()
        var next = results[...]
        for question in questions {
            let count = question.stems.count * attributes.count
            guard let ids = ranked(next.prefix(count)) else { return .away }
            answers.found[question.query] = ids
            next = next.dropFirst(count)
        }
        return .answers(answers)
    }

    private struct Rank {
        var updated: Int64
        var weight = 0.0
    }

    /// Nearly as FTS5 does (https://sqlite.org/fts5.html, section 5.1.1): the more and the rarer words a document has the
    /// earlier it comes, a word in the title counts as if it were there ten times, and the more often a word is there the
    /// less counts once more. The server tells no lengths. Then the newest.
    private static func ranked(_ results: ArraySlice<JSONValue>) -> [String]? {
        var ranks: [String: Rank] = [:]
        let lists = results.map(hits)
        for first in stride(from: 0, to: lists.count, by: attributes.count) {
            var times: [String: Double] = [:]
            for (list, count) in zip(lists[first...], [10.0, 1.0]) {
                guard let list else { return nil }
                for hit in list {
                    times[hit.id, default: 0] += count
                    ranks[hit.id] = ranks[hit.id] ?? Rank(updated: hit.updated)
                }
            }
            let rarity = log(1 + Double(Self.hits) / Double(max(1, times.count)))
            for (id, count) in times { ranks[id]?.weight += rarity * count * 2.2 / (count + 1.2) }
        }
        return ranks.sorted { left, right in
            (right.value.weight, right.value.updated, left.key) < (left.value.weight, left.value.updated, right.key)
        }.map(\.key)
    }

    private static func hits(_ result: JSONValue) -> [(id: String, updated: Int64)]? {
        guard let hits = result["hits"]?.array else { return nil }
        var list: [(id: String, updated: Int64)] = []
        for hit in hits {
            guard let id = hit["id"]?.string else { return nil }
            list.append((id, hit["updated"]?.int ?? 0))
        }
        return list
    }
}
