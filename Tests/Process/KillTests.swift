import Foundation
import Gateway
import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("kill -9 in the middle", .serialized)
    struct KillTests {
        /// Runs `count` messages, kills the gateway when the provider got a third of them, and starts it again.
        private func run(
            _ count: Int, _ setup: Setup, resource: String, simulator: RunningSimulator, window: Int,
            suffices: String = "none"
        ) throws -> (messages: [JSONValue], sent: Sent, gateway: RunningGateway) {
            var setup = setup
            setup.api = simulator.control.url
            let first = try RunningGateway(setup.yaml, environment: simulator.credentials)
            let ids = try first.acceptAll(count, ["text": "hello"])
            try eventually("a third of the requests", within: 30) {
                try simulator.control.requests(resource + ".json").count > count / 3 ? true : nil
            }
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let before = try simulator.control.requests(resource + ".json").count
            #expect(before < count, "it was killed too late to prove anything")
            // Callbacks of before find the gateway again: it comes back under its address.
            setup.publicPort = Int(first.publicURL.split(separator: ":").last ?? "") ?? 0
            let second = try RunningGateway(setup.yaml, environment: simulator.credentials, in: first.folder)
            let messages = try second.waitForEnd(of: count, within: 120, suffices: suffices)
            #expect(Set(messages.compactMap { $0["id"]?.string }) == Set(ids.values))
            let ambiguous = try messages.count { message in
                let attempts = message["deliveries"]?[0]?["attempts"]?.array ?? []
                guard attempts.count > 1 || message["state"]?.string != "satisfied" else { return false }
                return try second.timeline(message["id"]?.string ?? "").contains { $0["event"]?.string == "ambiguous" }
            }
            #expect(ambiguous <= window)
            return (messages, try Sent(simulator.control, resource), second)
        }

        @Test("each of 500 texts arrives, and none twice without an explanation")
        func texts() throws {
            let folder = try Folder()
            let simulator = try RunningSimulator(
                """
                  seed: 3
                  latency: 200ms..500ms
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 100ms } } }
                """, in: folder)
            var setup = Setup()
            setup.smsRate = "1000/s, concurrency: 32"
            // Longer than the 75 s after which a request that never left is sent again.
            setup.chain = "[{ channel: sms, submit_within: 5m, deliver_within: 5m }]"
            let (messages, sent, gateway) = try run(
                500, setup, resource: "Messages", simulator: simulator, window: 32, suffices: "submitted")
            let numbers = Set(messages.compactMap { $0["to"]?.string })
            #expect(numbers.subtracting(sent.sids.keys) == [])
            // What the provider reported while nobody listened is asked for when a clock ends, minutes later.
            let states = Set(messages.compactMap { $0["state"]?.string })
            let odd = messages.first { !["satisfied", "active"].contains($0["state"]?.string ?? "") }
            let timeline = try odd.map { try gateway.timeline($0["id"]?.string ?? "") }
            #expect(odd == nil, "\(states), such as \(JSONValue.array(timeline ?? []).text)")
            let doubled = Set(sent.sids.filter { $0.value.count > 1 }.keys)
            let explained = try gateway.explained(messages.filter { doubled.contains($0["to"]?.string ?? "") })
            #expect(doubled == explained)
        }

        /// Leaves the file as a process does that dies while it decides the restart of a delivery.
        private func dieAtRestart(of id: String, _ folder: Folder) throws {
            let path = folder.path + "/data/crash.mark"
            let delivery = try #require(RecordID("dlv_" + id.dropFirst(4), .delivery))
            let state = DeliveryState(
                steps: 1, startsAt: Timestamp(milliseconds: 0), expiresAt: Timestamp(milliseconds: 0))
            let words = [
                UInt64(bitPattern: delivery.rawValue), DeliveryEvent.restarted.fingerprint(in: state),
            ]
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try #require(bytes.count == 64)
            bytes.replaceSubrange(16..<32, with: words.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) })
            try bytes.write(to: URL(fileURLWithPath: path))
        }

        @Test("an event left unfinished at two starts in a row is barred; its delivery is held until cancelled")
        func crashedTwice() throws {
            var setup = Setup()
            setup.simulator = """
                  phones: { "+41791112233": { sms: sent_only }, default: { sms: { deliver: 50ms } } }
                """
            setup.chain = "[{ channel: sms, deliver_within: 30m }]"
            var gateway = try RunningGateway(setup.yaml)
            let id = try gateway.accept(["to": "+41791112233", "text": "hello"])
            try eventually("the request") { try gateway.simulator.requests("Messages").isEmpty ? nil : true }
            for start in 1...2 {
                gateway.program.send(SIGKILL)
                try gateway.program.wait()
                try dieAtRestart(of: id, gateway.folder)
                gateway = try RunningGateway(setup.yaml, in: gateway.folder)
                #expect(gateway.program.errorOutput.contains("crashed_twice") == (start == 2))
            }
            let step = try gateway.message(id)["deliveries"]?[0]?["steps"]?[0]
            #expect(step?.text.contains("crashed_twice") == true, "\(step?.text ?? "")")
            #expect(try gateway.timeline(id).contains { $0.text.contains("crashed_twice") })
            #expect(try gateway.call("GET", "/v1/reviews").text.contains("crashed_twice"))
            let metrics = try gateway.call("GET", "/metrics").text
            #expect(metrics.contains("gateway_operations_notices_total{reason=\"crashed_twice\"} 1"))
            #expect(metrics.contains("gateway_steps_held 1\n"))
            let other = try gateway.accept(["to": "+41791112244", "text": "hello"])
            try gateway.wait(for: other, ["satisfied"])
            #expect(try gateway.call("POST", "/v1/messages/\(id)/cancel").status == 200)
            try gateway.wait(for: id, ["cancelled"])
        }

        @Test("kills in the middle of a burst bar nothing")
        func honestKills() throws {
            var gateway = try RunningGateway(Setup().yaml)
            let folder = gateway.folder
            for round in 0..<3 {
                let numbers = (0..<60).map { "+4179\(3_000_000 + round * 60 + $0)" }
                let requests = try numbers.map {
                    try gateway.request("POST", "/v1/messages", ["to": .string($0), "text": "hello"])
                }
                for answer in Web.sendAll(requests) { #expect(try answer.get().status == 202) }
                gateway.program.send(SIGKILL)
                try gateway.program.wait()
                gateway = try RunningGateway(Setup().yaml, in: folder)
                #expect(!gateway.program.errorOutput.contains("crashed_twice"))
            }
        }

        @Test("each of 150 calls rings at most once")
        func calls() throws {
            let folder = try Folder()
            let simulator = try RunningSimulator(
                """
                  seed: 4
                  latency: 200ms..500ms
                  calls: 1000/s
                  phones: { default: { voice: { ring: 200ms, answer: human, detect: 100ms, do: [{ hear: 200ms }, { press: "1" }] } } }
                """, in: folder)
            var setup = Setup()
            setup.policy = "ack: { required: true, words: [ok] }"
            setup.chain = "[{ channel: voice, max_calls: 1, submit_within: 20s, queue_within: 20s, ack_within: 20s }]"
            setup.voiceRate = "40/s"
            let (messages, sent, _) = try run(
                150, setup, resource: "Calls", simulator: simulator, window: 150, suffices: "submitted")
            #expect(sent.requests.values.allSatisfy { $0 == 1 })
            #expect(sent.sids.values.allSatisfy { $0.count == 1 })
            // A call whose end was not heard because of the kill waits for its longest duration, but rings no more.
            let ends = Set(messages.compactMap { $0["state"]?.string })
            #expect(ends.isSubset(of: ["acked", "exhausted", "active"]), "\(ends)")
            #expect(messages.count { $0["state"]?.string == "acked" } > 75)
        }
    }
}
