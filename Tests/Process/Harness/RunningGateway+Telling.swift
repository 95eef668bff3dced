import Crypto
import HTTP
import JSON

// What a story looks at: the provider's log in short words, the timeline in short words, reviews, signed webhooks.

extension SimulatorControl.Request {
    /// The channel and the recipient of what is created, such as `sms +41791112233`; else the path.
    var told: String {
        let to = self["To"] ?? ""
        if path.hasSuffix("/Calls.json") { return "call " + to }
        guard path.hasSuffix("/Messages.json") else { return path }
        return to.hasPrefix("whatsapp:") ? "whatsapp " + to.dropFirst("whatsapp:".count) : "sms " + to
    }
}

extension SimulatorControl {
    /// Everything that was asked for, in order; a cancellation or a hung up call shows by its path.
    func told() throws -> [String] { try requests().map(\.told) }

    /// A person writes to the gateway's number.
    func write(_ text: String, from number: String, channel: String = "sms") throws {
        let answer = try send(
            "POST", "phones/\(number)/text",
            ["to": "+41791234567", "channel": .string(channel), "body": .string(text)])
        guard answer.status == 201 else { throw Failure("\(answer.status) \(answer.text)") }
    }
}

extension RunningGateway {
    /// The story of a message's steps: `started sms`, `clock sms ack_within`, `failed voice busy`, and its end.
    func plot(_ id: String) throws -> [String] {
        try timeline(id).compactMap { event in
            let name = event["event"]?.string ?? ""
            let details = ["reason", "clock", "outcome"].compactMap { event[$0]?.string }
            switch name {
            case "started", "skipped", "held", "clock", "superseded", "failed":
                return ([name, event["channel"]?.string ?? ""] + details).joined(separator: " ")
            case "acknowledged", "rejected": return name
            case "ended":
                return "ended " + (event["state"]?.string ?? "") + (event["late"]?.bool == true ? " late" : "")
            default: return nil
            }
        }
    }

    /// The events of one name in a message's timeline.
    func events(_ name: String, of id: String) throws -> [JSONValue] {
        try timeline(id).filter { $0["event"]?.string == name }
    }

    /// Waits until a step of the message, counted from 0, is in a state.
    @discardableResult
    func wait(for id: String, step: Int, _ state: String, within seconds: Double = 20) throws -> JSONValue {
        var last = JSONValue.null
        return try eventually("step \(step) \(state), last: \(last)", within: seconds) {
            last = try self.message(id)
            return last["deliveries"]?[0]?["steps"]?[step]?["state"]?.string == state ? .some(last) : .none
        }
    }

    /// Waits until the provider reported the message's last attempt as delivered.
    func waitForReceipt(_ id: String) throws {
        try eventually("the receipt of \(id)") {
            try self.message(id)["status"]?.string == "delivered" ? true : nil
        }
    }

    /// The reviews, newest first, closed ones too: `reason state`.
    func reviews() throws -> [String] {
        try (call("GET", "/v1/reviews?state=all").json["data"]?.array ?? []).map {
            ($0["reason"]?.string ?? "") + " " + ($0["state"]?.string ?? "")
        }
    }

    /// The sum of a metric's values over its labels, or over those that contain `label`.
    func metric(_ name: String, _ label: String = "") throws -> Double {
        let text = try Web.send(try Web.request("GET", privateURL + "/metrics")).text
        return text.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix(name + "{") || line.hasPrefix(name + " "), label.isEmpty || line.contains(label) else {
                return sum
            }
            return sum + (line.split(separator: " ").last.flatMap { Double($0) } ?? 0)
        }
    }

    /// A credential of the built-in simulator, by its name in `simulator.json`.
    func simulatorCredential(_ name: String) throws -> String {
        let credentials = try JSONValue(parsing: Array((folder.read("data/simulator.json") ?? "").utf8))
        return credentials[name]?.string ?? ""
    }

    /// Posts a webhook with the signature of the built-in simulator.
    func signedWebhook(_ target: String, _ form: [(String, String)]) throws -> HTTPResponse {
        let url = target.hasPrefix("http") ? target : publicURL + target
        let fields = form.sorted { $0.0 < $1.0 }.map { $0.0 + $0.1 }.joined()
        let key = Array(try simulatorCredential("auth_token").utf8)
        let code = MessageCode.hmac(.sha1, key: key, Array((url + fields).utf8))
        return try webhook(url, form, signature: Base64.encode(code))
    }
}
