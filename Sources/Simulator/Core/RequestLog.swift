import Forms
import HTTP
import JSON

/// What the account's application sent, for tests and people to read.
struct RequestLog {
    /// One request.
    struct Entry {
        let time: Int64
        let request: HTTPRequest
        var status: Int?
    }

    private var ring: Ring<Entry>

    init(limit: Int) {
        ring = Ring(limit: limit)
    }

    /// The number of requests so far.
    var count: Int { ring.end }

    /// Remembers a request. The secret of `Authorization` is dropped at once.
    mutating func append(_ request: HTTPRequest, at time: Int64) {
        var request = request
        request.headers.remove("Authorization")
        ring.append(Entry(time: time, request: request))
    }

    /// The requests whose path contains a text, oldest first, from a number on.
    func page(path: String, from number: Int, limit: Int) -> JSONValue {
        var found: [JSONValue] = []
        var next = max(number, ring.start)
        while next < ring.end, found.count < limit {
            if let entry = ring[next], path.isEmpty || entry.request.path.contains(path) {
                found.append(Self.json(entry, number: next))
            }
            next += 1
        }
        return [
            "requests": .array(found), "next": .integer(Int64(next)), "total": .integer(Int64(ring.end)),
        ]
    }

    private static func json(_ entry: Entry, number: Int) -> JSONValue {
        let request = entry.request
        let headers = request.headers.fields.map { JSONValue.array([.string($0.name), .string($0.value)]) }
        var members: [(String, JSONValue)] = [
            ("number", .integer(Int64(number))), ("time", .integer(entry.time)), ("method", .string(request.method)),
            ("target", .string(request.target)), ("path", .string(request.path)), ("headers", .array(headers)),
        ]
        let type = request.headers[first: "Content-Type"] ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded") {
            let fields = Form(parsing: request.body).fields
            members.append(("form", .array(fields.map { [.string($0.name), .string($0.value)] })))
        } else if !request.body.isEmpty {
            members.append(("body", .string(String(decoding: request.body, as: UTF8.self))))
        }
        return .object(JSONObject(members))
    }
}
