import Arguments
import Gateway
import Glibc
import JSON

/// `gateway media`.
struct MediaCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let path = "/v1/media/" + APIAccess.part(parsed.value("ID") ?? "")
        let page = parsed.path.last == "list" ? try page(parsed) : ""
        let api = try context.connect(try APIAccess(parsed, context))
        switch parsed.path.last {
        case "list": table.list(try api.value("GET", "/v1/media" + page), parsed)
        case "get": table.show(try api.value("GET", path), parsed)
        case "save": try save(parsed, path, api)
        case "link": context.print(PlainText.line(try api.value("POST", path + "/link")["url"]?.string ?? ""))
        case "delete":
            _ = try api.value("DELETE", path)
            context.print("deleted " + PlainText.line(parsed.value("ID") ?? ""))
        case "retry": table.show(try api.value("POST", path + "/retry"), parsed)
        default: table.show(try api.value("POST", path + "/file", body: wish(parsed)), parsed)
        }
        return 0
    }

    private func page(_ parsed: ParsedCommand) throws(CommandFailure) -> String {
        try RecordTable.query(parsed, ["state", "boat", "contact"].map { ($0, parsed.value($0)) })
    }

    private func wish(_ parsed: ParsedCommand) -> JSONValue {
        var out: JSONObject = ["boat": .string(parsed.value("boat") ?? "")]
        for name in ["type", "title"] { out[name] = parsed.value(name).map(JSONValue.string) }
        return .object(out)
    }

    /// Nothing is written over, and nothing of a file that breaks off stays.
    private func save(_ parsed: ParsedCommand, _ path: String, _ api: any GatewayAPI) throws(CommandFailure) {
        let media = try api.value("GET", path)
        let name = parsed.value("to") ?? Self.name(of: media)
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("cannot_write", "\(name): \(Files.reason(errno))") }
        defer { close(descriptor) }
        do throws(CommandFailure) {
            try api.receive(path + "/content") { (bytes) throws(CommandFailure) in
                try Self.write(bytes, to: descriptor, name)
            }
        } catch {
            unlink(name)
            throw error
        }
        context.print(PlainText.line(name))
    }

    /// What the server says becomes no path: the id has no slash, the ending is one of ours.
    private static func name(of media: JSONValue) -> String {
        let id = media["id"]?.string.flatMap { RecordID($0, .media) }
        return (id?.text(.media) ?? "media") + MediaTypes.ending(of: media["type"]?.string ?? "")
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ name: String) throws(CommandFailure) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            guard count >= 0 || errno == EINTR else {
                throw CommandFailure("cannot_write", "\(name): \(Files.reason(errno))")
            }
            start += max(0, count)
        }
    }

    private var table: RecordTable {
        let header = ["ID", "CREATED", "STATE", "TYPE", "SIZE", "CONTACT", "BOAT", "REASON"]
        return RecordTable(context: context, header: header) { row in
            [
                row["id"]?.string ?? "", row["created"]?.string ?? "", row["state"]?.string ?? "",
                row["type"]?.string ?? row["given_type"]?.string ?? "", row["size"]?.int.map(String.init) ?? "",
                row["contact"]?.string ?? "", row["boat"]?.string ?? "", row["reason"]?.string ?? "",
            ]
        }
    }
}
