import Gateway
import JSON

/// Reads the bodies of requests about rooms; every fault has its JSON pointer.
struct RoomReader {
    private let object: JSONObject
    private var faults = RequestFaults()

    /// What a new room shall be.
    struct Wish: Sendable {
        /// One of both is set.
        var name: String?
        var boat: String?
        var maxParticipants: Int?
        var maxDuration: Duration?
    }

    /// Who wants to enter, and for how long the token lives.
    struct Entry: Sendable {
        var identity: String
        var lifetime: Duration
        /// What of the request has no effect; `nil` when all of it has one.
        var warning: String?
    }

    /// A token's life where nobody says how long.
    static let usualLifetime = Duration.seconds(3_600)

    static func wish(_ body: [UInt8], _ adapter: any RoomAdapter) throws(Problem) -> Wish {
        var reader = try RoomReader(body, ["name", "boat", "type", "max_participants", "max_duration"])
        var wish = Wish()
        wish.name = reader.text("name")
        wish.boat = reader.text("boat")
        if let name = wish.name, !adapter.isRoomName(name) {
            reader.fault("/name", "must be 1 to 110 letters, digits, '.', '_' and '-'")
        }
        if let boat = wish.boat, !JobCodec.isIdentifier(boat) {
            reader.fault("/boat", "must be a boat's id: 1 to 64 letters, digits, '.', '_' and '-'")
        }
        if (reader.object["name"] == nil) == (reader.object["boat"] == nil) {
            reader.fault("/name", "either a name, or a boat after which the room is named, is needed")
        }
        if let type = reader.text("type"), type != "group" {
            reader.fault("/type", "must be group: providers make no other rooms")
        }
        wish.maxParticipants = reader.number("max_participants", in: 2...50)
        wish.maxDuration = reader.span("max_duration", in: 600...86_400)
        return try reader.finish(wish)
    }

    static func entry(_ body: [UInt8]) throws(Problem) -> Entry {
        var reader = try RoomReader(body, ["identity", "ttl"])
        let identity = reader.text("identity", isRequired: true)
        let lifetime = reader.span("ttl", in: 60...86_400) ?? usualLifetime
        return try reader.finish(Entry(identity: identity ?? "", lifetime: lifetime))
    }

    /// The source's own body. Neither a room nor a provider's token knows roles, and whoever sends one is told so.
    static func participant(_ body: [UInt8]) throws(Problem) -> Entry {
        var reader = try RoomReader(body, ["participantName", "participantRole"])
        let identity = reader.text("participantName", isRequired: true)
        var entry = Entry(identity: identity ?? "", lifetime: usualLifetime)
        if reader.text("participantRole") != nil {
            entry.warning = "participantRole has no effect in this version"
        }
        return try reader.finish(entry)
    }

    private init(_ body: [UInt8], _ fields: [String]) throws(Problem) {
        object = try JSONObject.read(body)
        faults.addUnknown(of: object, fields)
    }

    private func finish<Value>(_ value: Value) throws(Problem) -> Value {
        try faults.check()
        return value
    }

    private mutating func fault(_ pointer: String, _ detail: String) { faults.add(pointer, detail) }

    private mutating func text(_ name: String, isRequired: Bool = false) -> String? {
        guard let value = object[name] else {
            if isRequired { fault("/" + name, "is missing") }
            return nil
        }
        guard let text = value.string, (1...128).contains(text.utf8.count) else {
            fault("/" + name, "must be a text of 1 to 128 bytes")
            return nil
        }
        return text
    }

    private mutating func number(_ name: String, in range: ClosedRange<Int64>) -> Int? {
        guard let value = object[name] else { return nil }
        guard let number = value.int, range.contains(number) else {
            fault("/" + name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return Int(number)
    }

    /// Seconds, or a duration such as `2h`.
    private mutating func span(_ name: String, in range: ClosedRange<Int64>) -> Duration? {
        guard let value = object[name] else { return nil }
        let span =
            value.int.map { Duration.seconds(min(max($0, -1), 1_000_000)) }
            ?? value.string.flatMap { Duration(written: $0) }
        guard let span, span >= .seconds(range.lowerBound), span <= .seconds(range.upperBound) else {
            fault(
                "/" + name,
                "must be \(range.lowerBound) to \(range.upperBound) seconds, as a number or a duration such as 2h")
            return nil
        }
        return span
    }
}
