import Crypto
import JSON

/// What a control request says that a person writes. The facts of WhatsApp have their names here, and Twilio's in the
/// webhook.
struct HandsetText {
    /// The message to send.
    private(set) var text: InboundMessages.Text

    /// Keys of a request.
    private static let keys = [
        "to", "body", "text", "channel", "media", "button", "location", "list", "referral", "profile_name", "user_id",
        "parameters",
    ]
    /// What SMS has not.
    private static let whatsAppKeys = ["button", "location", "list", "referral", "profile_name", "user_id"]
    /// The members of `referral`, with the names of their parameters.
    private static let referral: [(key: String, parameter: String)] = [
        ("body", "ReferralBody"), ("headline", "ReferralHeadline"), ("source_id", "ReferralSourceId"),
        ("source_type", "ReferralSourceType"), ("source_url", "ReferralSourceUrl"),
        ("media_id", "ReferralMediaId"), ("media_url", "ReferralMediaUrl"),
        ("media_type", "ReferralMediaContentType"), ("ctwa_clid", "ReferralCtwaClid"),
    ]
    /// Bytes of a text, and how many `parameters` there may be.
    private static let maxBytes = 4_096
    private static let maxParameters = 50
    private static let maxFiles = 10

    /// Reads a request; every mistake is told with its place.
    /// - Parameter sid: makes the identifier of a file.
    init(_ body: JSONValue, from number: String, sid: () -> String) throws(ControlProblem) {
        var reader = ScriptReader()
        let members = reader.members(ScriptNode(body), of: "a text", keys: Self.keys)
        guard let to = reader.text(members["to"], "'to'"), !to.isEmpty else { throw .invalid("'to' is missing") }
        let isWhatsApp = to.hasPrefix("whatsapp:")
        let channel =
            reader.word(members["channel"], "'channel'", of: ["sms", "whatsapp"]) ?? (isWhatsApp ? "whatsapp" : "sms")
        text = InboundMessages.Text(
            channel: channel == "sms" ? "" : channel, from: number, to: ChannelAddress(to).value, body: "",
            files: try Self.files(body["media"], sid))
        if channel == "sms" {
            for key in Self.whatsAppKeys {
                guard let node = members[key] else { continue }
                reader.report("channel", "'\(key)' needs the channel whatsapp", at: node)
            }
        }
        let said = reader.text(members["body"] ?? members["text"], "'body'")
        takeFacts(members, &reader)
        let label = takeChoice(members, &reader)
        takeParameters(members["parameters"], &reader)
        do throws(SimulatorScriptError) {
            try reader.finish()
        } catch {
            throw ControlProblem(error, of: "the text")
        }
        let hasContent = !text.files.isEmpty || text.type != nil
        guard let written = said ?? label ?? (hasContent ? "" : nil) else { throw .invalid("'body' is missing") }
        text.body = written
    }

    private static func files(_ value: JSONValue?, _ sid: () -> String) throws(ControlProblem) -> [MessageFile] {
        guard let value, value != .null else { return [] }
        guard let items = value.array, items.count <= maxFiles else {
            throw .invalid("'media' is a list of at most \(maxFiles) files")
        }
        var files: [MessageFile] = []
        for item in items { files.append(try MessageFile(item, sid: sid()) { Base64.decode($0) }) }
        return files
    }

    // MARK: facts

    /// Who writes, from where, and led by which advertisement.
    private mutating func takeFacts(_ members: [String: ScriptNode], _ reader: inout ScriptReader) {
        add("ProfileName", line(members["profile_name"], "'profile_name'", &reader))
        // The id comes as an address.
        if let id = line(members["user_id"], "'user_id'", &reader) {
            add("ExternalUserId", id.hasPrefix("whatsapp:") ? id : "whatsapp:" + id)
        }
        if let node = members["location"] {
            let place = reader.members(node, of: "'location'", keys: ["latitude", "longitude", "label", "address"])
            add("Latitude", degrees(place["latitude"], "latitude", 90, in: node, &reader))
            add("Longitude", degrees(place["longitude"], "longitude", 180, in: node, &reader))
            add("Label", line(place["label"], "'label'", &reader))
            add("Address", line(place["address"], "'address'", &reader))
            text.type = "location"
        }
        if let node = members["referral"] {
            let said = reader.members(node, of: "'referral'", keys: Self.referral.map(\.key))
            for (key, parameter) in Self.referral { add(parameter, line(said[key], "'\(key)'", &reader)) }
        }
    }

    /// What was tapped.
    /// - Returns: its label, which is the text of the message.
    private mutating func takeChoice(_ members: [String: ScriptNode], _ reader: inout ScriptReader) -> String? {
        var label: String?
        if let node = members["list"] {
            let said = reader.members(node, of: "'list'", keys: ["id", "title", "description"])
            label = required(said["title"], "title", in: node, &reader)
            add("ListId", required(said["id"], "id", in: node, &reader))
            add("ListTitle", label)
            add("ListDescription", line(said["description"], "'description'", &reader))
            text.type = "interactive"
        }
        guard let node = members["button"] else { return label }
        if case .scalar(let payload) = node.kind {
            text.button = payload
            return label ?? payload
        }
        let said = reader.members(node, of: "'button'", keys: ["payload", "text"])
        text.button = required(said["payload"], "payload", in: node, &reader)
        return label ?? line(said["text"], "'text'", &reader) ?? text.button
    }

    /// Anything else, as it stands.
    private mutating func takeParameters(_ node: ScriptNode?, _ reader: inout ScriptReader) {
        let entries = reader.entries(node, of: "'parameters'")
        if entries.count > Self.maxParameters, let node {
            reader.report("number", "'parameters' has at most \(Self.maxParameters) members", at: node)
        }
        for (name, node) in entries.prefix(Self.maxParameters) {
            guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
                reader.report("value", "the name of a parameter is 1 to 64 letters, digits and signs", at: node)
                continue
            }
            guard let value = line(node, "'\(name)'", &reader) else { continue }
            text.parameters.removeAll { $0.name == name }
            add(name, value)
        }
    }

    // MARK: values

    private mutating func add(_ name: String, _ value: String?) {
        if let value { text.parameters.append((name, value)) }
    }

    private func line(_ node: ScriptNode?, _ what: String, _ reader: inout ScriptReader) -> String? {
        guard let node, let text = reader.text(node, what) else { return nil }
        if text.utf8.count <= Self.maxBytes { return text }
        reader.report("value", "\(what) is longer than \(Self.maxBytes) bytes", at: node)
        return nil
    }

    private func required(
        _ node: ScriptNode?, _ key: String, in parent: ScriptNode, _ reader: inout ScriptReader
    ) -> String? {
        guard let node else {
            reader.report("missing_key", "'\(key)' is missing", at: parent)
            return nil
        }
        return line(node, "'\(key)'", &reader)
    }

    /// Degrees as they were written.
    private func degrees(
        _ node: ScriptNode?, _ key: String, _ most: Double, in parent: ScriptNode, _ reader: inout ScriptReader
    ) -> String? {
        guard let text = required(node, key, in: parent, &reader) else { return nil }
        if let value = Double(text), abs(value) <= most { return text }
        reader.report("number", "'\(key)' is a number from \(-Int(most)) to \(Int(most))", at: node ?? parent)
        return nil
    }
}
