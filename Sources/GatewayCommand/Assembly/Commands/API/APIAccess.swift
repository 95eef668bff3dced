import Arguments
import Forms
import HTTP
import JSON

/// Where a running gateway answers, and the key that it wants.
struct APIAccess: Sendable, Hashable {
    /// The base of the private listener.
    let url: HTTPURL
    /// `gw_…`
    let key: String

    /// For every command that talks to a running gateway.
    static let specs: [OptionSpec] = [
        .value("url", "URL", "The private listener of the gateway; otherwise listen.json in the data folder tells it."),
        .value("key", "KEY", "The API key; otherwise the variable GATEWAY_KEY, else admin.key in the data folder."),
        .value(
            "data", "FOLDER", "The data folder of the gateway.", default: CommandTree.defaultData, completion: .folders),
    ]

    /// Finds out what the options, the environment and the data folder say.
    init(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) {
        let folder = parsed.value("data") ?? CommandTree.defaultData
        let text: String
        if let given = parsed.value("url") { text = given } else { text = try Self.listening(folder, context) }
        guard let url = HTTPURL(text), !url.target.contains("?") else {
            throw CommandFailure("bad_url", "'\(text)' is no URL such as http://127.0.0.1:8081", exit: 2)
        }
        self.url = url
        let given = parsed.value("key") ?? context.environment["GATEWAY_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        if let given { key = given } else { key = try Self.adminKey(folder, context) }
        // It becomes a header field.
        guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("bad_key", "the API key is not one: keys look like gw_…")
        }
    }

    /// The absolute URL of a path of the API.
    func url(of path: String) -> HTTPURL? {
        var base = url.text
        while base.last == "/" { base.removeLast() }
        return HTTPURL(base + path)
    }

    /// An id as a part of a path.
    static func part(_ id: String) -> String { PercentCoding.encode(id) }

    private static func listening(_ folder: String, _ context: CommandContext) throws(CommandFailure) -> String {
        let file = folder + "/listen.json"
        guard let bytes = try? context.readFile(file) else {
            throw CommandFailure(
                "no_gateway",
                "there is no \(file), so no gateway runs here; start one with 'gateway serve', or name its "
                    + "folder with --data or its address with --url")
        }
        guard let url = try? JSONValue(parsing: bytes)["private"]?.string else {
            throw CommandFailure("bad_addresses", "\(file) does not tell where the gateway listens; name it with --url")
        }
        return url
    }

    private static func adminKey(_ folder: String, _ context: CommandContext) throws(CommandFailure) -> String {
        let file = folder + "/admin.key"
        guard let bytes = try? context.readFile(file) else {
            throw CommandFailure(
                "no_key", "there is no API key: set GATEWAY_KEY, or name the folder of \(file) with --data")
        }
        return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    }
}
