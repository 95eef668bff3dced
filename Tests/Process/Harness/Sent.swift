import JSON

/// What the provider's side says about who got what: the only witness that the gateway does not write itself.
struct Sent {
    /// Accepted messages or calls by recipient: distinct SIDs in the simulator's own callbacks and requests.
    let sids: [String: Set<String>]
    /// POST requests by recipient, whatever their answer was.
    let requests: [String: Int]

    init(_ simulator: SimulatorControl, _ resource: String) throws {
        let field = resource == "Calls" ? "CallSid" : "MessageSid"
        var sids: [String: Set<String>] = [:]
        for webhook in try simulator.webhooks(resource) {
            guard let to = webhook["To"], let sid = webhook[field] else { continue }
            sids[to, default: []].insert(sid)
        }
        var requests: [String: Int] = [:]
        for request in try simulator.requests(resource + ".json") {
            if let to = request["To"] { requests[to, default: 0] += 1 }
        }
        self.sids = sids
        self.requests = requests
    }
}

extension RunningGateway {
    /// The recipients of messages by the events of one name in their timelines, one entry for each event.
    func recipients(of event: String, _ messages: [JSONValue]) throws -> [String] {
        let paths = messages.map { "/v1/messages/" + ($0["id"]?.string ?? "") + "/timeline" }
        let answers = Web.sendAll(try paths.map { try request("GET", $0) })
        return try zip(messages, answers).flatMap { message, answer in
            let events = try answer.get().json["events"]?.array ?? []
            let number = message["to"]?.string ?? ""
            return Array(repeating: number, count: events.count { $0["event"]?.string == event })
        }
    }

    /// Sends one message to each of `count` numbers at once; ids by recipient.
    func acceptAll(_ count: Int, _ message: JSONObject) throws -> [String: String] {
        let numbers = (0..<count).map { "+4179\(2_000_000 + $0)" }
        let requests = try numbers.map { number in
            var body = message
            body["to"] = .string(number)
            return try request("POST", "/v1/messages", .object(body))
        }
        var ids: [String: String] = [:]
        for (number, answer) in zip(numbers, Web.sendAll(requests)) {
            let answer = try answer.get()
            guard answer.status == 202, let id = answer.json["id"]?.string else {
                throw Failure("\(number): \(answer.status) \(answer.text)")
            }
            ids[number] = id
        }
        return ids
    }

    /// Waits until no message is under way; all messages, newest first.
    /// - Parameters:
    ///   - suffices: a step's state that counts as settled besides the end of the message.
    ///   - step: that step, counted from 0.
    func waitForEnd(
        of count: Int, within seconds: Double, suffices: String = "none", step: Int = 0
    ) throws -> [JSONValue] {
        var last: [String: Int] = [:]
        return try eventually("the end of \(count) messages, last: \(last)", within: seconds, every: 500) {
            let messages = try self.allMessages()
            last = Dictionary(grouping: messages) { $0["state"]?.string ?? "" }.mapValues(\.count)
            let isSettled = messages.allSatisfy { message in
                guard ["active", "scheduled"].contains(message["state"]?.string ?? "active") else { return true }
                return message["deliveries"]?[0]?["steps"]?[step]?["state"]?.string == suffices
            }
            return isSettled && messages.count == count ? messages : nil
        }
    }
}
