import Gateway
import HTTP
import JSON

/// What a caller wants of a subscription: the bodies of `POST /v1/subscriptions` and of a replay.
struct SubscriptionWish: Sendable {
    var url: String
    var types: [String]
    var subject: String?
    /// Where it begins; `nil` for what happens from now on.
    var after: EventPosition?
    var maxAge: Duration?
    var seesAll: Bool

    /// - Parameter allowsPrivate: addresses that only this network knows may be told.
    init(_ body: JSONObject, allowsPrivate: Bool) throws(Problem) {
        var reader = Fields(body)
        reader.faults.addUnknown(of: body, ["url", "types", "subject", "after", "max_age", "all_tenants"])
        url = reader.url(allowsPrivate: allowsPrivate)
        types = reader.types()
        subject = reader.text("subject", "must be the id of a message or delivery, or another subject") {
            (1...200).contains($0.utf8.count) ? $0 : nil
        }
        after = reader.position("after")
        maxAge = reader.text("max_age", "must be a duration of 1m to 365d, such as 7d") {
            Duration(written: $0).flatMap { (.seconds(60) ... .seconds(365 * 86_400)).contains($0) ? $0 : nil }
        }
        seesAll = reader.flag("all_tenants")
        try reader.faults.check()
    }
}

/// What is sent again: everything behind a cursor, some dead letters, or all of them.
enum ReplayWish: Sendable {
    case after(EventPosition)
    case letters(Set<EventPosition>?)

    init(_ body: JSONObject) throws(Problem) {
        var reader = Fields(body)
        reader.faults.addUnknown(of: body, ["after", "events"])
        let after = reader.position("after")
        let events = reader.events()
        if after != nil, events != nil { reader.faults.add("/events", "must not stand beside 'after'") }
        try reader.faults.check()
        self = after.map(ReplayWish.after) ?? .letters(events)
    }
}

/// The fields of a body, with what is wrong about them.
private struct Fields {
    private let body: JSONObject
    var faults = RequestFaults()

    init(_ body: JSONObject) { self.body = body }

    mutating func text<Value>(_ name: String, _ advice: String, _ read: (String) -> Value?) -> Value? {
        guard let value = body[name] else { return nil }
        guard let text = value.string, let read = read(text) else {
            faults.add("/" + name, advice)
            return nil
        }
        return read
    }

    mutating func position(_ name: String) -> EventPosition? {
        text(name, "must be a cursor or the id of an event") { EventPosition($0) }
    }

    mutating func flag(_ name: String) -> Bool {
        guard let value = body[name] else { return false }
        if value.bool == nil { faults.add("/" + name, "must be true or false") }
        return value.bool ?? false
    }

    mutating func url(allowsPrivate: Bool) -> String {
        guard let text = body["url"]?.string, text.utf8.count <= 2_000, let url = HTTPURL(text) else {
            faults.add("/url", "must be an absolute http or https URL without user and password")
            return ""
        }
        if !allowsPrivate, url.namesPrivateHost {
            faults.add("/url", "names an address that is not public; 'gateway.subscriptions' can allow that")
        }
        return url.text
    }

    mutating func types() -> [String] {
        guard let value = body["types"] else { return [] }
        let types = value.array?.compactMap(\.string) ?? []
        if types.isEmpty || types.count != value.array?.count || types.count > 32
            || types.contains(where: { $0.isEmpty || $0.utf8.count > 100 })
        {
            faults.add("/types", "must be 1 to 32 names or globs of at most 100 bytes")
        }
        return types
    }

    mutating func events() -> Set<EventPosition>? {
        guard let value = body["events"] else { return nil }
        let ids = value.array ?? []
        let positions = ids.compactMap { $0.string.flatMap { EventPosition($0) } }
        if ids.isEmpty || ids.count > 500 || positions.count != ids.count {
            faults.add("/events", "must be 1 to 500 ids of events")
        }
        return Set(positions)
    }
}
