import Forms
import Foundation
import HTTP
import JSON

/// `gateway serve` with a data folder of its own.
final class RunningGateway {
    let folder: Folder
    let config: String
    let program: Program
    let publicURL: String
    let privateURL: String
    let key: String
    private let simulatorURL: String?

    /// Starts the program and waits until it is ready.
    init(_ yaml: String, environment: [String: String] = [:], in folder: Folder? = nil) throws {
        self.folder = try folder ?? Folder()
        config = try self.folder.write(yaml, to: "channels.yaml")
        try? FileManager.default.removeItem(atPath: self.folder.path + "/data/listen.json")
        program = try Program(
            Repository.program, ["serve", "--config", config, "--data", self.folder.path + "/data"],
            environment: environment, in: self.folder)
        let (folder, program) = (self.folder, self.program)
        let addresses = try eventually("listen.json\n" + program.errorOutput, within: 30) {
            try folder.read("data/listen.json").map { try JSONValue(parsing: Array($0.utf8)) }
        }
        publicURL = addresses["public"]?.string ?? ""
        privateURL = addresses["private"]?.string ?? ""
        simulatorURL = addresses["simulator"]?.string
        key = (folder.read("data/admin.key") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        if privateURL.hasPrefix("http:") {
            let ready = try Web.request("GET", privateURL + "/-/ready")
            try eventually("readiness\n" + program.errorOutput, within: 30) {
                (try? Web.send(ready))?.status == 200 ? true : nil
            }
        }
    }

    var simulator: SimulatorControl { SimulatorControl(url: simulatorURL ?? "") }

    // MARK: API

    func request(
        _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [(String, String)] = []
    ) throws -> HTTPClientRequest {
        var fields = [("Authorization", "Bearer " + key)]
        if body != nil { fields.append(("Content-Type", "application/json")) }
        return try Web.request(method, privateURL + path, headers: fields + headers, body: body?.bytes() ?? [])
    }

    func call(
        _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [(String, String)] = []
    ) throws -> HTTPResponse {
        try Web.send(try request(method, path, body, headers: headers))
    }

    /// Posts a message that must be accepted; its id.
    func accept(_ message: JSONValue) throws -> String {
        let answer = try call("POST", "/v1/messages", message)
        guard answer.status == 202, let id = answer.json["id"]?.string else {
            throw Failure("not accepted: \(answer.status) \(answer.text)")
        }
        return id
    }

    func message(_ id: String) throws -> JSONValue { try call("GET", "/v1/messages/" + id).json }

    func timeline(_ id: String) throws -> [JSONValue] {
        try call("GET", "/v1/messages/\(id)/timeline").json["events"]?.array ?? []
    }

    /// Waits until a message has one of the states.
    @discardableResult
    func wait(for id: String, _ states: Set<String>, within seconds: Double = 40) throws -> JSONValue {
        var last = JSONValue.null
        return try eventually("\(id) in \(states), last: \(last)", within: seconds) {
            last = try self.message(id)
            return states.contains(last["state"]?.string ?? "") ? .some(last) : .none
        }
    }

    /// All messages, newest first.
    func allMessages() throws -> [JSONValue] {
        var found: [JSONValue] = []
        var path = "/v1/messages?limit=500"
        while true {
            let page = try call("GET", path).json
            found += page["data"]?.array ?? []
            guard let next = page["next_cursor"]?.string else { return found }
            path = "/v1/messages?limit=500&cursor=" + next
        }
    }

    // MARK: webhooks

    func webhook(_ target: String, _ form: [(String, String)], signature: String?) throws -> HTTPResponse {
        var fields = [("Content-Type", "application/x-www-form-urlencoded")]
        if let signature { fields.append(("X-Twilio-Signature", signature)) }
        let url = target.hasPrefix("http") ? target : publicURL + target
        return try Web.send(try Web.request("POST", url, headers: fields, body: Form(form).encode()))
    }
}
