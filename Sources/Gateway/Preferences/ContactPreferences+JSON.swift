import JSON
import Zones

extension ContactPreferences {
    /// As the API shows them and stores keep them.
    public var value: JSONValue {
        var out: JSONObject = [:]
        switch quietHours {
        case .named(let name): out["quiet_hours"] = .string(name)
        case .ranges(let ranges): out["quiet_hours"] = .array(ranges.map(\.value))
        case nil: break
        }
        if !channels.isEmpty {
            out["channels"] = .array(
                channels.map { preferred in
                    var entry: JSONObject = [:]
                    entry["topic"] = preferred.topic.map(JSONValue.string)
                    entry["channel"] = .string(preferred.channel.rawValue)
                    return .object(entry)
                })
        }
        if !topicsOff.isEmpty { out["topics_off"] = .array(topicsOff.map(JSONValue.string)) }
        return .object(out)
    }

    /// What preferences consist of.
    public static let fields = ["quiet_hours", "channels", "topics_off"]

    /// Reads the body of `PUT /v1/contacts/{id}/preferences`, but for members that are none of `fields`.
    /// - Parameters:
    ///   - channels: the kinds that exist.
    ///   - times: the names under `times:`.
    /// - Returns: with every fault and its JSON pointer.
    public static func read(
        _ object: JSONObject, channels kinds: [ChannelKind], times: [String]
    ) -> (preferences: ContactPreferences, faults: [(pointer: String, detail: String)]) {
        var reader = PreferenceReader(kinds: kinds, times: times, isZone: { (try? Zone(named: $0)) != nil })
        return (reader.read(object), reader.faults)
    }

    /// Reads what `value` wrote; names may be gone by now. `nil` for anything else.
    static func stored(_ value: JSONValue) -> ContactPreferences? {
        guard let object = value.object else { return nil }
        var reader = PreferenceReader(kinds: nil, times: nil, isZone: { _ in true })
        let preferences = reader.read(object)
        return reader.faults.isEmpty ? preferences : nil
    }
}

extension ContactRecord {
    /// The bytes under which stores keep the preferences; `nil` without any.
    public var preferenceBytes: [UInt8]? { preferences?.value.bytes() }

    /// Takes what `preferenceBytes` wrote.
    public mutating func takePreferences(_ bytes: [UInt8]?) throws(StoreError) {
        guard let bytes else { return preferences = nil }
        guard let value = try? JSONValue(parsing: bytes), let stored = ContactPreferences.stored(value) else {
            throw ByteReader.damaged
        }
        preferences = stored
    }
}

/// Reads preferences, from a request or as they are stored.
private struct PreferenceReader {
    /// What may be named; `nil` for anything.
    var kinds: [ChannelKind]?
    var times: [String]?
    var isZone: @Sendable (String) -> Bool
    private(set) var faults: [(pointer: String, detail: String)] = []

    init(kinds: [ChannelKind]?, times: [String]?, isZone: @escaping @Sendable (String) -> Bool) {
        self.kinds = kinds
        self.times = times
        self.isZone = isZone
    }

    private mutating func fault(_ pointer: String, _ detail: String) { faults.append((pointer, detail)) }

    /// Far above what a person wants, and little enough to look at with every message.
    static let limit = 50

    mutating func read(_ object: JSONObject) -> ContactPreferences {
        var quiet: ContactPreferences.QuietHours?
        if let value = object["quiet_hours"] { quiet = quietHours(value) }
        let channels = list(object, "channels") { $0.preferred($1, $2) }
        let topicsOff = list(object, "topics_off") { $0.topic($1, $2) }
        return ContactPreferences(quietHours: quiet, channels: channels, topicsOff: topicsOff)
    }

    private mutating func quietHours(_ value: JSONValue) -> ContactPreferences.QuietHours? {
        if let name = value.string {
            if times?.contains(name) == false { fault("/quiet_hours", "nothing under 'times' has this name") }
            return .named(name)
        }
        guard value.object != nil || value.array?.isEmpty == false, (value.array?.count ?? 0) <= Self.limit else {
            fault("/quiet_hours", "must be a name under 'times', or a list of 1 to \(Self.limit) ranges")
            return nil
        }
        let ranges = DailyRange.read(value, isZone: isZone) { fault("/quiet_hours", $0) }
        if ranges.count > Self.limit { fault("/quiet_hours", "has more than \(Self.limit) ranges of hours") }
        return .ranges(ranges)
    }

    private mutating func list<Item>(
        _ object: JSONObject, _ name: String, _ read: (inout PreferenceReader, JSONValue, String) -> Item?
    ) -> [Item] {
        guard let value = object[name] else { return [] }
        guard let items = value.array, items.count <= Self.limit else {
            fault("/" + name, "must be a list of at most \(Self.limit)")
            return []
        }
        return items.enumerated().compactMap { read(&self, $0.element, "/\(name)/\($0.offset)") }
    }

    private mutating func preferred(_ value: JSONValue, _ pointer: String) -> ContactPreferences.Preferred? {
        guard let object = value.object, let kind = object["channel"]?.string.map(ChannelKind.init(rawValue:)),
            kinds?.contains(kind) != false
        else {
            let words = kinds?.map(\.rawValue).joined(separator: ", ") ?? ""
            fault(pointer + "/channel", "must be a kind of channel: " + words)
            return nil
        }
        for key in object.keys where !["topic", "channel"].contains(key) {
            fault(pointer, "unknown field '\(key.prefix(60))'; known are topic, channel")
        }
        guard let pattern = object["topic"] else { return .init(topic: nil, channel: kind) }
        return topic(pattern, pointer + "/topic").map { .init(topic: $0, channel: kind) }
    }

    private mutating func topic(_ value: JSONValue, _ pointer: String) -> String? {
        if let text = value.string, (1...200).contains(text.utf8.count) { return text }
        fault(pointer, "must be a topic, or a glob such as warranty.*, of 1 to 200 bytes")
        return nil
    }
}
