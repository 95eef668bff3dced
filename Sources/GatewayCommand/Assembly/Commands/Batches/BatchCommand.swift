import Arguments
import JSON

/// `gateway batch ID`, and `gateway send --file`.
struct BatchCommand {
    let context: CommandContext

    /// How often a followed batch is asked for.
    static let interval = Duration.milliseconds(500)

    init(_ context: CommandContext) { self.context = context }

    /// Shows a batch, follows it, or cancels what it has not sent.
    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let api = try context.connect(try APIAccess(parsed, context))
        let path = "/v1/batches/" + APIAccess.part(parsed.value("ID") ?? "")
        if parsed.has("cancel") { _ = try api.value("POST", path + "/cancel") }
        if parsed.has("recipients") { return try list(path, parsed.value("state"), api) }
        return try finish(path, api, follows: parsed.has("follow"), isJSON: parsed.value("output") == "json")
    }

    /// Sends the rows of a file.
    func send(_ file: String, _ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let table = try RecipientFile(try context.readFile(file))
        for fault in table.faults { context.complain("\(file):\(fault)") }
        guard !table.recipients.isEmpty else {
            throw CommandFailure("no_recipient", "\(file) has no row that can be read")
        }
        var body = try MessageOptions.shared(parsed, context)
        body["recipients"] = .array(table.recipients)
        let api = try context.connect(try APIAccess(parsed, context))
        let request = APIRequest(
            "POST", "/v1/batches", body: .object(body), idempotencyKey: parsed.value("idempotency-key"))
        let answer = try api.exchange(request).success()
        guard let id = answer["id"]?.string else { throw CommandFailure("no_gateway", "the answer names no batch") }
        let isJSON = parsed.value("output") == "json"
        let path = "/v1/batches/" + APIAccess.part(id)
        let status = try finish(path, api, follows: parsed.has("follow"), isJSON: isJSON)
        try tellRejected(path, file, table.lines, api)
        return table.faults.isEmpty ? status : 1
    }

    // MARK: progress

    /// The exit status is 1 when somebody was refused.
    private func finish(
        _ path: String, _ api: any GatewayAPI, follows: Bool, isJSON: Bool
    ) throws(CommandFailure) -> Int32 {
        var batch = try api.value("GET", path)
        var progress = BatchProgress(context)
        while follows, batch["state"]?.string == "running" {
            if !isJSON { progress.show(batch) }
            context.pause(Self.interval)
            batch = try api.value("GET", path)
        }
        if isJSON {
            context.print(batch)
        } else {
            progress.end(batch)
        }
        return batch["recipients"]?["rejected"]?.int == 0 ? 0 : 1
    }

    // MARK: recipients

    private func list(_ path: String, _ state: String?, _ api: any GatewayAPI) throws(CommandFailure) -> Int32 {
        var table = TextTable(["INDEX", "TO", "STATE", "MESSAGE", "REASON"])
        try each(path, state, api) { recipient in
            table.add([
                recipient["index"]?.int.map { String($0) } ?? "", recipient["to"]?.string ?? "",
                recipient["state"]?.string ?? "", recipient["message"]?.string ?? "",
                recipient["detail"]?.string ?? "",
            ])
        }
        if !table.isEmpty { context.output.write(table.text(context.paint)) }
        return 0
    }

    /// A line for each row that the gateway refused, with its place in the file.
    private func tellRejected(
        _ path: String, _ file: String, _ lines: [Int], _ api: any GatewayAPI
    ) throws(CommandFailure) {
        try each(path, "rejected", api) { recipient in
            let index = recipient["index"]?.int.flatMap { Int(exactly: $0) } ?? -1
            let line = lines.indices.contains(index) ? lines[index] : 0
            let to = PlainText.line(recipient["to"]?.string ?? "")
            let why = PlainText.line(recipient["detail"]?.string ?? "")
            context.complain("\(file):\(line): \(to): \(why) [\(recipient["code"]?.string ?? "")]")
        }
    }

    private func each(
        _ path: String, _ state: String?, _ api: any GatewayAPI, _ visit: (JSONValue) -> Void
    ) throws(CommandFailure) {
        var cursor: String?
        repeat {
            var target = path + "/recipients?limit=500"
            if let state { target += "&state=" + APIAccess.part(state) }
            if let cursor { target += "&cursor=" + APIAccess.part(cursor) }
            let page = try api.value("GET", target)
            for recipient in page["data"]?.array ?? [] { visit(recipient) }
            cursor = page["next_cursor"]?.string
        } while cursor != nil
    }
}

/// How a batch goes on: a bar that is drawn again on a terminal, a line for each change elsewhere.
struct BatchProgress {
    private let context: CommandContext
    private var last = ""

    private static let width = 24

    init(_ context: CommandContext) { self.context = context }

    /// Shows how far it is.
    mutating func show(_ batch: JSONValue) {
        let line = Self.line(batch)
        guard line != last else { return }
        last = line
        if context.redrawsLines {
            context.output.write("\r\u{1B}[K" + Self.bar(batch) + " " + line)
        } else {
            context.print(line)
        }
    }

    /// The last line, and the reasons of what was refused.
    func end(_ batch: JSONValue) {
        if context.redrawsLines, !last.isEmpty { context.output.write("\r\u{1B}[K") }
        let id = PlainText.line(batch["id"]?.string ?? "")
        context.print("\(context.paint(.strong, id))  \(PlainText.line(batch["state"]?.string ?? ""))")
        context.print(Self.line(batch))
        for reason in batch["rejections"]?.object?.members ?? [] {
            context.print("  rejected, \(PlainText.line(reason.key)): \(reason.value.int ?? 0)")
        }
    }

    private static func count(_ batch: JSONValue, _ group: String, _ name: String) -> Int64 {
        batch[group]?[name]?.int ?? 0
    }

    /// What is decided of all recipients, and where their deliveries are.
    static func line(_ batch: JSONValue) -> String {
        let parts = ["accepted", "rejected", "waiting"].map { "\(count(batch, "recipients", $0)) \($0)" }
        let ends = ["open", "delivered", "failed", "cancelled"].map { "\(count(batch, "deliveries", $0)) \($0)" }
        return "\(count(batch, "recipients", "total")) recipients: \(parts.joined(separator: ", "))"
            + "; deliveries: \(ends.joined(separator: ", "))"
    }

    private static func bar(_ batch: JSONValue) -> String {
        let total = max(1, count(batch, "recipients", "total"))
        let open = count(batch, "recipients", "waiting") + count(batch, "deliveries", "open")
        let done = Int(max(0, total - open)) * width / Int(total)
        return "[" + String(repeating: "#", count: min(width, done))
            + String(repeating: ".", count: max(0, width - done)) + "]"
    }
}
