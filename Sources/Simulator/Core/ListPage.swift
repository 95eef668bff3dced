import Forms
import JSON

/// One page of a list in the style of the 2010 API.
struct ListPage {
    private let size: Int
    private let page: Int
    private let after: Int?
    private let before: Int?
    private let request: APIRequest
    private let filters: [Form.Field]

    /// Reads `PageSize` (1 to 1000, default 50), `Page` and `PageToken`.
    init(_ request: APIRequest) throws(TwilioError) {
        self.request = request
        size = max(1, min(1000, request.query["PageSize"].flatMap { Int($0) } ?? 50))
        page = max(0, min(1_000_000, request.query["Page"].flatMap { Int($0) } ?? 0))
        filters = request.query.fields.filter { !["PageSize", "Page", "PageToken"].contains($0.name) }
        guard let token = request.query["PageToken"] else {
            (after, before) = (nil, nil)
            return
        }
        guard let number = Int(token.dropFirst(2)), token.hasPrefix("PA") || token.hasPrefix("PB") else {
            throw TwilioError(20001, "Page token is invalid")
        }
        (after, before) = token.hasPrefix("PA") ? (number, nil) : (nil, number)
    }

    /// The answer with the matching resources under `key`, youngest first.
    func answer<Resource>(
        _ store: ResourceStore<Resource>, key: String, target: String?, matches: (Resource) -> Bool,
        json: (Resource) -> JSONValue
    ) -> JSONValue {
        let (found, hasMore) = collect(store, target: target, matches: matches)
        let first = page * size
        var members: [(String, JSONValue)] = [
            ("end", .integer(Int64(first + max(0, found.count - 1)))),
            ("first_page_uri", .string(uri(page: 0, token: nil))),
            ("next_page_uri", .null), (key, .array(found.map { json($0.resource) })), ("page", .integer(Int64(page))),
            ("page_size", .integer(Int64(size))), ("previous_page_uri", .null), ("start", .integer(Int64(first))),
            ("uri", .string(uri(page: page, token: request.query["PageToken"]))),
        ]
        if hasMore, let last = found.last { members[2].1 = .string(uri(page: page + 1, token: "PA\(last.number)")) }
        if page > 0 {
            members[6].1 = .string(uri(page: page - 1, token: found.first.map { "PB\($0.number)" }))
        }
        return .object(JSONObject(members))
    }

    /// As above in the style of the newer APIs: `meta` with absolute URLs.
    func answerWithMeta<Resource>(
        _ store: ResourceStore<Resource>, key: String, target: String?, base: String, matches: (Resource) -> Bool,
        json: (Resource) -> JSONValue
    ) -> JSONValue {
        let (found, hasMore) = collect(store, target: target, matches: matches)
        let next = hasMore ? found.last.map { uri(page: page + 1, token: "PA\($0.number)") } : nil
        let previous = page > 0 ? uri(page: page - 1, token: found.first.map { "PB\($0.number)" }) : nil
        func absolute(_ uri: String?) -> JSONValue { uri.map { .string(base + $0) } ?? .null }
        return [
            key: .array(found.map { json($0.resource) }),
            "meta": [
                "page": .integer(Int64(page)), "page_size": .integer(Int64(size)),
                "first_page_url": absolute(uri(page: 0, token: nil)), "previous_page_url": absolute(previous),
                "url": absolute(uri(page: page, token: request.query["PageToken"])), "next_page_url": absolute(next),
                "key": .string(key),
            ],
        ]
    }

    private func collect<Resource>(
        _ store: ResourceStore<Resource>, target: String?, matches: (Resource) -> Bool
    ) -> (found: [(number: Int, resource: Resource)], hasMore: Bool) {
        var found: [(number: Int, resource: Resource)] = []
        if let before {
            store.forEachOldestFirst(target: target, above: before) { number, resource in
                if matches(resource) { found.append((number, resource)) }
                return found.count < size
            }
            return (found.reversed(), true)
        }
        var skip = after == nil ? page * size : 0
        store.forEachYoungestFirst(target: target, below: after ?? .max) { number, resource in
            guard matches(resource) else { return true }
            if skip > 0 {
                skip -= 1
            } else {
                found.append((number, resource))
            }
            return found.count <= size
        }
        let hasMore = found.count > size
        if hasMore { found.removeLast() }
        return (found, hasMore)
    }

    private func uri(page: Int, token: String?) -> String {
        var fields = filters.map { ($0.name, $0.value) }
        fields += [("PageSize", String(size)), ("Page", String(page))]
        if let token { fields.append(("PageToken", token)) }
        return request.path + "?" + Form(fields).text
    }
}

/// A filter by day or second: `Name`, `Name<` and `Name>` (the `=` of `<=` belongs to the query's syntax).
struct DateFilter {
    private let from: Int64
    private let to: Int64

    /// Reads the filter; nothing is filtered when it is not there.
    init(_ name: String, _ query: Form) throws(TwilioError) {
        var from = Int64.min
        var to = Int64.max
        for (suffix, takesFrom, takesTo) in [("", true, true), ("<", false, true), (">", true, false)] {
            guard let text = query[name + suffix], !text.isEmpty else { continue }
            guard let range = Clock.range(text) else {
                throw TwilioError(20001, "Invalid value for parameter '\(name)'")
            }
            if takesFrom { from = max(from, range.lowerBound) }
            if takesTo { to = min(to, range.upperBound) }
        }
        self.from = from
        self.to = to
    }

    /// Whether a time passes; a time that is not there passes only when nothing is asked for.
    func contains(_ time: Int64?) -> Bool {
        guard let time else { return from == .min && to == .max }
        return time >= from && time < to
    }
}
