import JSON

/// How the simulated world behaves: the section `simulator:` of a configuration and the document of
/// `PUT /simulator/v1/script`. Everything has a default, so an empty script is a script.
public struct SimulatorScript: Sendable, Equatable {
    /// Where every random choice comes from.
    public internal(set) var seed: UInt64 = 1
    /// The document as it came.
    public private(set) var document: JSONValue = [:]
    /// How long an answer takes, in milliseconds.
    var latency: ClosedRange<Int64> = 0...0
    /// Whether webhooks are signed with SHA-256 and the API key's secret instead of SHA-1 and the token.
    var isSignedWithSHA256 = false
    /// Milliseconds for one spoken word.
    var speech: Int64 = 400
    /// Milliseconds for one played file.
    var play: Int64 = 3000
    /// Calls that may start in a second.
    var callRate = 1.0
    /// Requests and webhooks that are remembered.
    var logLimit = 100_000
    /// Messages, and calls, that are remembered.
    var resourceLimit = 100_000
    /// What messages and calls cost.
    var prices = PriceScript()
    /// The prepared templates by identifier.
    var content: [String: ContentScript] = [:]
    /// What is known of senders, by address.
    var senders: [String: SenderScript] = [:]
    /// The senders of messaging services by identifier.
    var services: [String: [String]] = [:]
    /// Webhooks of numbers, by number, as form fields.
    var numbers: [String: [String: String]] = [:]
    /// The faults from the start.
    var faults: [FaultRule] = []
    private var phones: [String: PhoneScript] = [:]
    private var prefixes: [(prefix: String, script: PhoneScript)] = []

    /// The script with nothing in it.
    public init() {}

    /// Reads a JSON document.
    /// - Throws: every mistake with its pointer.
    public init(json: JSONValue) throws(SimulatorScriptError) {
        try self.init(ScriptNode(json))
    }

    init(_ node: ScriptNode) throws(SimulatorScriptError) {
        var reader = ScriptReader()
        read(node, &reader)
        try reader.finish()
        if case .object = node.json { document = node.json }
    }

    /// Two scripts are equal when their documents are.
    public static func == (left: SimulatorScript, right: SimulatorScript) -> Bool {
        left.document == right.document
    }

    private mutating func read(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let keys = [
            "seed", "latency", "signature", "speech", "play", "calls", "log", "resources", "content", "senders",
            "services",
            "numbers", "phones", "faults", "prices",
        ]
        let members = reader.members(node, of: "the script", keys: keys)
        readSettings(members, &reader)
        for (key, value) in reader.entries(members["content"], of: "content") {
            if !SIDFactory.isSID(key, "HX") {
                reader.report("value", "'\(key)' is not HX and 32 hexadecimal digits", at: value)
            }
            content[key] = ContentScript(value, &reader)
        }
        for (key, value) in reader.entries(members["senders"], of: "senders") {
            senders[key] = SenderScript(value, &reader)
        }
        for (key, value) in reader.entries(members["services"], of: "services") {
            services[key] = reader.elements(value, of: "a service").compactMap { reader.text($0, "a sender") }
        }
        for (key, value) in reader.entries(members["numbers"], of: "numbers") {
            numbers[key] = Self.webhooks(value, &reader)
        }
        readPhones(members["phones"], &reader)
        if let list = members["faults"] { faults = FaultRule.list(list, &reader) }
    }

    private mutating func readSettings(_ members: [String: ScriptNode], _ reader: inout ScriptReader) {
        seed = reader.integer(members["seed"], "seed", in: 0...Int.max).map { UInt64($0) } ?? seed
        latency = reader.durations(members["latency"], "latency") ?? latency
        isSignedWithSHA256 = reader.word(members["signature"], "signature", of: ["sha1", "sha256"]) == "sha256"
        speech = reader.duration(members["speech"], "speech") ?? speech
        play = reader.duration(members["play"], "play") ?? play
        callRate = reader.rate(members["calls"], "calls") ?? callRate
        logLimit = reader.integer(members["log"], "log", in: 1...10_000_000) ?? logLimit
        resourceLimit = reader.integer(members["resources"], "resources", in: 1...10_000_000) ?? resourceLimit
        if let node = members["prices"] { prices = PriceScript(node, &reader) }
    }

    private mutating func readPhones(_ node: ScriptNode?, _ reader: inout ScriptReader) {
        for (key, value) in reader.entries(node, of: "phones") {
            let script = PhoneScript(value, &reader)
            if key == "default" {
                prefixes.append(("", script))
            } else if key.hasSuffix("*"), Self.isNumber(key.dropLast(), least: 1) {
                prefixes.append((String(key.dropLast()), script))
            } else if Self.isNumber(key[...], least: 5) || key.hasPrefix("client:") || key.hasPrefix("sip:") {
                phones[key] = script
            } else {
                reader.report("value", "'\(key)' is no number such as +447700900142, +4477* or default", at: value)
            }
        }
        prefixes.sort { ($0.prefix.utf8.count, $1.prefix) > ($1.prefix.utf8.count, $0.prefix) }
    }

    private static func isNumber(_ text: Substring, least: Int) -> Bool {
        text.utf8.first == UInt8(ascii: "+") && (least...16).contains(text.utf8.count)
            && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func webhooks(_ node: ScriptNode, _ reader: inout ScriptReader) -> [String: String] {
        let fields = [
            "sms_url": "SmsUrl", "sms_method": "SmsMethod", "sms_fallback_url": "SmsFallbackUrl",
            "voice_url": "VoiceUrl", "voice_method": "VoiceMethod", "voice_fallback_url": "VoiceFallbackUrl",
            "status_callback": "StatusCallback",
        ]
        let members = reader.members(node, of: "a number", keys: fields.keys.sorted())
        var found: [String: String] = [:]
        for (key, field) in fields {
            if let url = reader.text(members[key], key) { found[field] = url }
        }
        return found
    }

    /// Looks a part of the behaviour up: the exact number, else the longest prefix, else `default`.
    func phone<Part>(_ number: String, _ part: (PhoneScript) -> Part?) -> Part? {
        if let script = phones[number], let found = part(script) { return found }
        for (prefix, script) in prefixes where number.hasPrefix(prefix) {
            if let found = part(script) { return found }
        }
        return nil
    }

    /// The behaviour of one number, nil when it has no entry of its own.
    func entry(_ number: String) -> JSONValue? {
        document["phones"]?[number]
    }

    /// The same script with another entry for one number.
    /// - Throws: every mistake of the whole document that comes out.
    func replacing(_ number: String, with entry: JSONValue) throws(SimulatorScriptError) -> SimulatorScript {
        var phones = document["phones"]?.object?.members.filter { $0.key != number } ?? []
        phones.append((number, entry))
        var members = document.object?.members.filter { $0.key != "phones" } ?? []
        members.append(("phones", .object(JSONObject(phones.map { ($0.key, $0.value) }))))
        return try SimulatorScript(json: .object(JSONObject(members.map { ($0.key, $0.value) })))
    }
}
