import Arguments
import Gateway
import JSON

/// The options that describe a message, as the body of `POST /v1/messages`.
enum MessageOptions {
    /// For `send` and `explain`.
    static let specs: [OptionSpec] = [
        .value(
            "envelope", short: "e", "FILE", "The whole message as JSON; - reads standard input.", completion: .files),
        .value("to", "RECIPIENT", "A number such as +41791234567, contact:ID, boat:ID or boat:ID/broker."),
        .value("topic", "TOPIC", "What it is about, such as warranty.expiring; rules look at it."),
        .value("text", "TEXT", "What it says."),
        .value("template", "NAME", "A template of the configuration instead of a text."),
        .value("variable", "NAME=VALUE", "A value for the template.", repeatable: true),
        .value("label", "NAME=VALUE", "A label; rules look at it.", repeatable: true),
        .value("media", "URL", "An attachment.", repeatable: true),
        .value("priority", "PRIORITY", "How urgent it is.", choices: Priority.allCases.map(\.rawValue)),
        .value("class", "CLASS", "What it is for.", choices: MessageClass.allCases.map(\.rawValue)),
        .value("policy", "NAME", "A policy instead of the one that the rules choose."),
        .value("locale", "TAG", "The language, such as de."),
        .value("send-at", "TIME", "Not before this time, such as 2026-11-23T18:00:00Z."),
        .value("expires-in", "SPAN", "Give up after this time, such as 6h."),
        .value("dedupe-key", "TEXT", "While a message with this key is open, no other is made."),
    ]

    /// Options that become members of the same name, with `_` for `-`.
    private static let plain = [
        "to", "topic", "text", "template", "priority", "class", "policy", "locale", "send-at", "expires-in",
        "dedupe-key",
    ]

    /// What the messages of a batch share, by the options or as a whole by `--envelope`.
    static func shared(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) -> JSONObject {
        guard parsed.value("to") == nil else {
            throw CommandFailure("two_recipients", "--file names the recipients; leave --to out", exit: 2)
        }
        let object = try members(parsed)
        guard let file = parsed.value("envelope") else { return try withContent(object) }
        guard object.isEmpty else { throw twoMessages }
        return try JSONFile.read(file, context).object ?? object
    }

    /// The body that the options describe.
    static func body(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) -> JSONValue {
        let object = try members(parsed)
        guard let file = parsed.value("envelope") else { return try checked(object) }
        guard object.isEmpty else { throw twoMessages }
        return try JSONFile.read(file, context)
    }

    private static var twoMessages: CommandFailure {
        CommandFailure("two_messages", "--envelope holds the whole message; leave the other options out", exit: 2)
    }

    private static func members(_ parsed: ParsedCommand) throws(CommandFailure) -> JSONObject {
        var object = JSONObject()
        for name in plain {
            guard let value = parsed.value(name) else { continue }
            object[String(name.map { $0 == "-" ? "_" : $0 })] = .string(value)
        }
        let media = parsed.values("media")
        if !media.isEmpty { object["media"] = .array(media.map(JSONValue.string)) }
        for text in parsed.values("label") {
            let (name, value) = try pair(text, option: "label")
            var labels = object["labels"]?.object ?? JSONObject()
            labels[name] = .string(value)
            object["labels"] = .object(labels)
        }
        for text in parsed.values("variable") {
            let (name, value) = try pair(text, option: "variable")
            let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            object["variables"] = try set(value, at: path[...], in: object["variables"], name)
        }
        return object
    }

    private static func checked(_ object: JSONObject) throws(CommandFailure) -> JSONValue {
        guard object["to"] != nil else {
            throw CommandFailure("no_recipient", "name the recipient with --to, or a file with --envelope", exit: 2)
        }
        return .object(try withContent(object))
    }

    private static func withContent(_ object: JSONObject) throws(CommandFailure) -> JSONObject {
        guard object["text"] != nil || object["template"] != nil else {
            throw CommandFailure("no_content", "say what to send with --text or --template", exit: 2)
        }
        return object
    }

    private static func pair(_ text: String, option: String) throws(CommandFailure) -> (name: String, value: String) {
        guard let cut = text.firstIndex(of: "="), cut > text.startIndex else {
            throw CommandFailure(
                "no_pair", "'--\(option)' needs NAME=VALUE, such as --\(option) item=Watermaker", exit: 2)
        }
        return (String(text[..<cut]), String(text[text.index(after: cut)...]))
    }

    /// `boat.length=12` is the member `length` of the object `boat`, as templates read it.
    private static func set(
        _ value: String, at path: ArraySlice<String>, in container: JSONValue?, _ name: String
    ) throws(CommandFailure) -> JSONValue {
        guard let first = path.first else { return .string(value) }
        guard !first.isEmpty, path.count <= 8, container == nil || container?.object != nil else {
            throw CommandFailure("bad_variable", "'--variable \(name)' cannot be set beside the others", exit: 2)
        }
        var object = container?.object ?? JSONObject()
        object[first] = try set(value, at: path.dropFirst(), in: object[first], name)
        return .object(object)
    }
}
