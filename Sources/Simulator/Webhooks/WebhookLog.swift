import Forms
import JSON

/// What the simulator sent to the account's application and what came back.
struct WebhookLog {
    /// One request that was sent, or that a fault kept from being sent.
    final class Entry {
        let time: Int64
        let resource: String
        let method: String
        let url: String
        /// Encoded as it was sent: much smaller than its fields.
        let form: [UInt8]
        /// The answer's status, a failure's name, `lost`, or nil while it is on its way.
        var result: JSONValue = .null
        /// When the result came, in Unix milliseconds.
        var answeredAt: Int64?

        init(time: Int64, resource: String, method: String, url: String, form: [UInt8]) {
            self.time = time
            self.resource = resource
            self.method = method
            self.url = url
            self.form = form
        }
    }

    private var ring: Ring<Entry>

    init(limit: Int) {
        ring = Ring(limit: limit)
    }

    /// The number of webhooks so far.
    var count: Int { ring.end }

    /// Remembers a webhook.
    mutating func append(_ entry: Entry) {
        ring.append(entry)
    }

    /// The webhooks of a resource, oldest first, from a number on.
    func page(resource: String, from number: Int, limit: Int) -> JSONValue {
        var found: [JSONValue] = []
        var next = max(number, ring.start)
        while next < ring.end, found.count < limit {
            if let entry = ring[next], resource.isEmpty || entry.resource == resource {
                found.append(Self.json(entry, number: next))
            }
            next += 1
        }
        return ["webhooks": .array(found), "next": .integer(Int64(next)), "total": .integer(Int64(ring.end))]
    }

    private static func json(_ entry: Entry, number: Int) -> JSONValue {
        [
            "number": .integer(Int64(number)), "time": .integer(entry.time), "resource": .string(entry.resource),
            "method": .string(entry.method), "url": .string(entry.url),
            "form": .array(Form(parsing: entry.form).fields.map { [.string($0.name), .string($0.value)] }),
            "result": entry.result,
            "answered_at": entry.answeredAt.map { .integer($0) } ?? .null,
        ]
    }
}
