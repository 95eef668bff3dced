import Crypto
import EventLoop
import Forms
import FoundationEssentials
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Simulator over HTTP")
struct SimulatorServerTests {
    @Test("a message is created over a socket and its callbacks arrive signed at an application")
    func endToEnd() async throws {
        let group = try EventLoopGroup(count: 1)
        try group.start()
        defer { group.stop() }
        let (stream, feed) = AsyncStream.makeStream(of: HTTPRequest.self)
        let application = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { request, responder in
            feed.yield(request)
            responder(HTTPResponse(status: 204))
        }
        let applicationPort = try application.start()
        let script = try SimulatorScript(json: [
            "phones": ["default": ["sms": ["deliver": "10ms"]]], "latency": "1ms..3ms",
        ])
        let simulator = try SimulatorServer(
            group: group, host: "127.0.0.1", port: 0, script: script, credentials: SimulatorBench.credentials)
        let port = try simulator.start()
        let client = HTTPClient(group: group)
        defer {
            client.shutdown()
            simulator.stop()
            application.stop()
        }
        let callback = "http://127.0.0.1:\(applicationPort)/status?t=abc"
        let credentials = SimulatorBench.credentials.accountSID + ":token"
        let url = try #require(HTTPURL("http://127.0.0.1:\(port)\(SimulatorBench.account)/Messages.json"))
        let form = Form([("To", "+447700900142"), ("From", "12345"), ("Body", "Hi"), ("StatusCallback", callback)])
        let answer = try await client.execute(
            HTTPClientRequest(
                method: "POST", url: url,
                headers: HTTPHeaders([
                    ("Authorization", "Basic " + Base64.encode(Array(credentials.utf8))),
                    ("Content-Type", "application/x-www-form-urlencoded"),
                ]), body: form.encode(), timeout: .seconds(10)))
        #expect(answer.status == 201)
        var statuses: [String] = []
        for await request in stream {
            let parameters = Form(parsing: request.body)
            let signature = WebhookSigner.signature(
                url: callback, form: parameters.fields.map { ($0.name, $0.value) }, key: "token", algorithm: .sha1)
            #expect(request.headers[first: "X-Twilio-Signature"] == signature)
            #expect(request.target == "/status?t=abc")
            #expect(parameters["MessageSid"] == answer.json["sid"]?.string)
            statuses.append(parameters["MessageStatus"] ?? "")
            if statuses.count == 3 { break }
        }
        #expect(statuses.sorted() == ["delivered", "queued", "sent"])
    }

    /// Sends `count` messages whose callbacks go to an application, from a simulator that has one connection to it.
    private func burst(_ count: Int, callback: String, _ group: EventLoopGroup) async throws -> SimulatorServer {
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 1
        limits.waitingPerOrigin = 1
        let simulator = try SimulatorServer(
            group: group, host: "127.0.0.1", port: 0,
            script: try SimulatorScript(json: ["latency": "0ms..0ms", "senders": ["12345": ["rate": "100000/s"]]]),
            credentials: SimulatorBench.credentials, limits: limits)
        let port = try simulator.start()
        let client = HTTPClient(group: group)
        defer { client.shutdown() }
        let url = try #require(HTTPURL("http://127.0.0.1:\(port)\(SimulatorBench.account)/Messages.json"))
        let headers = HTTPHeaders([
            ("Authorization", SimulatorBench.authorization), ("Content-Type", "application/x-www-form-urlencoded"),
        ])
        for index in 0..<count {
            let form = Form([
                ("To", "+4477009\(10_000 + index)"), ("From", "12345"), ("Body", "Hi"), ("StatusCallback", callback),
            ])
            let answer = try await client.execute(
                HTTPClientRequest(
                    method: "POST", url: url, headers: headers, body: form.encode(), timeout: .seconds(10)))
            #expect(answer.status == 201)
        }
        return simulator
    }

    @Test("more callbacks than the client has room for wait for their turn: none is lost")
    func waits() async throws {
        let group = try EventLoopGroup(count: 1)
        try group.start()
        defer { group.stop() }
        let (stream, feed) = AsyncStream.makeStream(of: String.self)
        let application = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { request, responder in
            feed.yield(Form(parsing: request.body)["MessageStatus"] ?? "")
            responder(HTTPResponse(status: 204))
        }
        let simulator = try await burst(20, callback: "http://127.0.0.1:\(try application.start())/status", group)
        defer {
            simulator.stop()
            application.stop()
        }
        var counts: [String: Int] = [:]
        for await status in stream {
            counts[status, default: 0] += 1
            if counts.values.reduce(0, +) == 60 { break }
        }
        #expect(counts == ["queued": 20, "sent": 20, "delivered": 20])
    }

    @Test("it stops while thousands of callbacks wait: each gives up without the next one on its stack")
    func stopsInABurst() async throws {
        let group = try EventLoopGroup(count: 1)
        try group.start()
        defer { group.stop() }
        let silent = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { _, _ in }
        let simulator = try await burst(3_000, callback: "http://127.0.0.1:\(try silent.start())/status", group)
        simulator.stop()
        silent.stop()
        // The loop lives.
        let (stream, feed) = AsyncStream.makeStream(of: Void.self)
        group.loops[0].execute { feed.finish() }
        for await _ in stream {}
    }

    @Test("credentials are random, kept in a file that only its owner reads, and a broken file is refused")
    func credentials() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/simulator-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let made = try SimulatorCredentials.loadOrCreate(folder: folder)
        #expect(SIDFactory.isSID(made.accountSID, "AC") && SIDFactory.isSID(made.keySID, "SK"))
        #expect(try SimulatorCredentials.loadOrCreate(folder: folder) == made)
        let path = folder + "/simulator.json"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? Int) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["simulator.json"])
        try Data("{}".utf8).write(to: URL(filePath: path))
        let error = #expect(throws: SimulatorCredentialsError.self) {
            try SimulatorCredentials.loadOrCreate(folder: folder)
        }
        #expect(error?.code == "content")
        #expect(throws: SimulatorCredentialsError.self) {
            try SimulatorCredentials.loadOrCreate(folder: folder + "/none")
        }
    }
}
