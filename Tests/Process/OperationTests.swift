import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("running it", .serialized)
    struct OperationTests {
        private static let callsFirst = "[{ channel: voice, max_calls: 1 }, { channel: sms }]"

        private func plan(_ gateway: RunningGateway) throws -> [String?] {
            let answer = try gateway.call("POST", "/v1/messages", ["to": "+41791112233", "text": "hello"])
            #expect(answer.status == 202)
            return answer.json["deliveries"]?[0]?["plan"]?.array?.map(\.string) ?? []
        }

        @Test("a good file is taken over without a restart, by SIGHUP and by the API")
        func reload() throws {
            let gateway = try RunningGateway(Setup().yaml)
            #expect(try plan(gateway) == ["sms"])
            try gateway.folder.write(Setup(chain: Self.callsFirst).yaml, to: "channels.yaml")
            gateway.program.send(SIGHUP)
            try eventually("the reload") {
                gateway.program.errorOutput.contains("\"event\":\"reloaded\"") ? true : nil
            }
            #expect(try plan(gateway) == ["voice", "sms"])
            try gateway.folder.write(
                Setup(chain: "[{ channel: whatsapp }, { channel: sms }]").yaml, to: "channels.yaml")
            let answer = try gateway.call("POST", "/-/reload")
            #expect(answer.status == 200)
            #expect(answer.json["reloaded"]?.bool == true)
            #expect(try plan(gateway) == ["whatsapp", "sms"])
        }

        @Test("the page on operations names every metric that is shown, and no other")
        func metricNames() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            try gateway.wait(for: id, ["satisfied"])
            let text = try Web.send(try Web.request("GET", gateway.privateURL + "/metrics")).text
            let shown = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
                .map { $0.split(separator: " ")[2] }
            let page = try Repository.file("docs/operations.md")
            let table = page.components(separatedBy: "## Metrics")[1].components(separatedBy: "\nWorth an alert")[0]
            let named = table.matches(of: /`(gateway_[a-z_]+)`/).map(\.output.1)
            #expect(Set(shown) == Set(named))
            #expect(text.contains("gateway_attempt_results_total{channel=\"sms\",result=\"accepted\"} 1\n"))
            #expect(text.contains("gateway_circuit_open{channel=\"sms\"} 0\n"))
            #expect(text.contains("gateway_lane_waiting{channel=\"voice\"} 0\n"))
            #expect(text.contains("gateway_accept_seconds_count 1\n"))
            #expect(!text.contains("gateway_commit_seconds_count 0\n"))
        }

        @Test("a wrong file is refused with its places, and the old one keeps running")
        func refusedReload() throws {
            let gateway = try RunningGateway(Setup().yaml)
            try gateway.folder.write(
                Setup(chain: "[{ channel: smss }]", policy: "success: maybe").yaml, to: "channels.yaml")
            let answer = try gateway.call("POST", "/-/reload")
            #expect(answer.status == 422)
            #expect(answer.json["reloaded"]?.bool == false)
            let findings = (answer.json["findings"]?.array ?? []).compactMap(\.string)
            #expect(findings.contains { $0.contains("smss") && $0.contains(#/:\d+:\d+: error: /#) })
            #expect(findings.contains { $0.contains("maybe") })
            gateway.program.send(SIGHUP)
            try eventually("the refusal") {
                gateway.program.errorOutput.components(separatedBy: "\"event\":\"reload_refused\"").count > 2
                    ? true : nil
            }
            #expect(try plan(gateway) == ["sms"])
            let metrics = try Web.send(try Web.request("GET", gateway.privateURL + "/metrics")).text
            #expect(metrics.contains("gateway_configuration_reloads_total{result=\"refused\"} 2"))
        }

        @Test("a reload says which changes wait for the next start")
        func needsRestart() throws {
            let gateway = try RunningGateway(Setup().yaml)
            try gateway.folder.write(
                Setup().yaml.replacingOccurrences(
                    of: "  time_zone:", with: "  public_url: http://127.0.0.1:9\n  time_zone:"), to: "channels.yaml")
            let answer = try gateway.call("POST", "/-/reload")
            #expect(answer.status == 200, "\(answer.text)")
            let findings = answer.json["findings"]?.array?.compactMap(\.string) ?? []
            #expect(
                findings.contains { $0.contains("'gateway.public_url' has changed") && $0.contains("needs_restart") })
        }

        @Test("what was accepted before a reload keeps its chain")
        func oldChain() throws {
            var setup = Setup(chain: "[{ channel: whatsapp }, { channel: sms }]")
            setup.simulator = """
                  phones: { default: { whatsapp: { fail: 63024, after: 2s }, sms: { deliver: 50ms } } }
                """
            let gateway = try RunningGateway(setup.yaml)
            try gateway.simulator.send(
                "POST", "phones/+41791112233/text", ["to": "whatsapp:+41791234567", "body": "opens the window"])
            try eventually("the inbound message") {
                try gateway.call("GET", "/v1/inbound").json["data"]?.array?.isEmpty == false ? true : nil
            }
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            try eventually("the WhatsApp message") {
                try gateway.simulator.requests("Messages").isEmpty ? nil : true
            }
            setup.chain = "[{ channel: voice, max_calls: 1 }]"
            try gateway.folder.write(setup.yaml, to: "channels.yaml")
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            try gateway.wait(for: id, ["satisfied"])
            #expect(try gateway.simulator.requests().map { $0["To"] } == ["whatsapp:+41791112233", "+41791112233"])
        }

        @Test("SIGTERM ends it with 0, and what was under way is neither lost nor doubled")
        func gracefulStop() throws {
            let folder = try Folder()
            let simulator = try RunningSimulator(
                """
                  latency: 200ms..400ms
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 100ms } } }
                """, in: folder)
            var setup = Setup(api: simulator.control.url)
            setup.smsRate = "1000/s, concurrency: 16"
            setup.chain = "[{ channel: sms, deliver_within: 6s }]"
            let first = try RunningGateway(setup.yaml, environment: simulator.credentials)
            _ = try first.acceptAll(150, ["text": "hello"])
            try eventually("a third") { try simulator.control.requests("Messages.json").count > 50 ? true : nil }
            first.program.send(SIGTERM)
            #expect(try first.program.wait(upTo: 30) == 0)
            #expect(first.program.errorOutput.contains("\"event\":\"stopped\""))
            setup.publicPort = Int(first.publicURL.split(separator: ":").last ?? "") ?? 0
            let second = try RunningGateway(setup.yaml, environment: simulator.credentials, in: first.folder)
            let messages = try second.waitForEnd(of: 150, within: 60, suffices: "submitted")
            // The last callbacks came while nobody listened; such messages wait for their clock.
            let states = Set(messages.compactMap { $0["state"]?.string })
            #expect(states.isSubset(of: ["satisfied", "active"]), "\(states)")
            let sent = try Sent(simulator.control, "Messages")
            #expect(sent.sids.count == 150)
            #expect(sent.requests.values.allSatisfy { $0 == 1 })
        }

        @Test("a listener with a certificate of an own authority serves curl, and nothing older than TLS 1.2")
        func tls() throws {
            let folder = try Folder()
            try Certificates.make(in: folder)
            let files = "cert_file: \(folder.path)/server.pem, key_file: \(folder.path)/server.key"
            var setup = Setup()
            setup.privateListener = "{ address: 127.0.0.1:0, \(files) }"
            let gateway = try RunningGateway(setup.yaml, in: folder)
            #expect(gateway.privateURL.hasPrefix("https://127.0.0.1:"))
            let ready = [
                "--cacert", folder.path + "/ca.pem", "--retry", "20", "--retry-all-errors", "--retry-delay", "1",
            ]
            let health = try curl(ready + ["-f", gateway.privateURL + "/-/ready"], folder)
            #expect(health.status == 0)
            let list = try curl(
                [
                    "--cacert", folder.path + "/ca.pem", "-f", "-H", "Authorization: Bearer " + gateway.key,
                    gateway.privateURL + "/v1/messages",
                ], folder)
            #expect(list.status == 0)
            #expect(try JSONValue(parsing: Array(list.output.utf8))["data"]?.array?.isEmpty == true)
            #expect(try curl([gateway.privateURL + "/-/ready"], folder).status == 60)
            let old = ["--cacert", folder.path + "/ca.pem", "--tls-max", "1.1", "--ciphers", "DEFAULT:@SECLEVEL=0"]
            #expect(try curl(old + [gateway.privateURL + "/-/ready"], folder).status == 35)
        }

        private func curl(_ arguments: [String], _ folder: Folder) throws -> (status: Int32, output: String) {
            let program = try Program("/usr/bin/curl", ["-s", "--max-time", "30"] + arguments, in: folder)
            return (try program.wait(upTo: 40), program.output)
        }
    }
}
