import Foundation
import Gateway
import Glibc
import JSON
import Testing

extension ProcessTests {
    /// What the simulator's own log must show after kill -9 and a restart: each text at least once, each call at most
    /// once, no more ambiguous attempts than the lanes' windows, and no call that a run without the kill would not have
    /// made, those aside.
    @Suite("kill -9 in the middle", .serialized)
    struct KillTests {
        private struct Outcome {
            let messages: [JSONValue]
            let gateway: RunningGateway
            /// The recipients of ambiguous attempts, one entry for each attempt.
            let ambiguous: [String]
        }

        /// Runs `count` messages, kills the gateway as soon as `isTime`, and starts it again.
        private func run(
            _ count: Int, _ setup: Setup, simulator: RunningSimulator, settledStep: Int = 0,
            isTime: () throws -> Bool
        ) throws -> Outcome {
            var setup = setup
            setup.api = simulator.control.url
            let first = try RunningGateway(setup.yaml, environment: simulator.credentials)
            let ids = try first.acceptAll(count, ["text": "hello"])
            try eventually("the time to kill", within: 30, every: 5) { try isTime() ? true : nil }
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            try waitForSilence(simulator.control)
            // Callbacks of before find the gateway again: it comes back under its address.
            setup.publicPort = Int(first.publicURL.split(separator: ":").last ?? "") ?? 0
            let second = try RunningGateway(setup.yaml, environment: simulator.credentials, in: first.folder)
            let messages = try second.waitForEnd(of: count, within: 120, suffices: "submitted", step: settledStep)
            #expect(Set(messages.compactMap { $0["id"]?.string }) == Set(ids.values))
            let ambiguous = try second.recipients(of: "ambiguous", messages)
            return Outcome(messages: messages, gateway: second, ambiguous: ambiguous)
        }

        /// Until the provider has nothing more to report: what it reports meanwhile is lost.
        private func waitForSilence(_ simulator: SimulatorControl) throws {
            try eventually("the provider's last report", within: 30) {
                let state = try Web.send(try Web.request("GET", simulator.url + "/simulator/v1/state")).json
                let ended = try simulator.webhooks("Messages").filter {
                    ["delivered", "undelivered"].contains($0["MessageStatus"] ?? "")
                }
                let isSilent = Set(ended.compactMap { $0["MessageSid"] }).count == Int(state["messages"]?.int ?? -1)
                return isSilent && state["live_calls"]?.int == 0 ? true : nil
            }
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
            let outcome = try run(500, setup, simulator: simulator) {
                try simulator.control.requests("Messages.json").count > 166
            }
            let sent = try Sent(simulator.control, "Messages")
            let numbers = Set(outcome.messages.compactMap { $0["to"]?.string })
            #expect(numbers.subtracting(sent.sids.keys) == [])
            #expect(!outcome.ambiguous.isEmpty, "it was killed at a time that proves nothing")
            #expect(outcome.ambiguous.count <= 32)
            // What the provider reported while nobody listened is asked for when a clock ends, minutes later.
            let states = Set(outcome.messages.compactMap { $0["state"]?.string })
            #expect(states.isSubset(of: ["satisfied", "active"]), "\(states)")
            let doubled = Set(sent.requests.filter { $0.value > 1 }.keys)
            #expect(doubled.isSubset(of: outcome.ambiguous), "sent twice: \(doubled)")
            let resent = Set(sent.sids.filter { $0.value.count > 1 }.keys)
            let explained = try outcome.gateway.recipients(of: "possible_duplicate", outcome.messages)
            #expect(resent.isSubset(of: explained), "arrived twice: \(resent)")
        }

        /// 500 texts over a short code, a hundred of which stay undelivered and lead to a call.
        private func textsAndCalls(_ folder: Folder) throws -> (Setup, RunningSimulator) {
            let simulator = try RunningSimulator(
                """
                  seed: 5
                  latency: 200ms..500ms
                  calls: 1000/s
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones:
                    "+417920001*": { sms: { undelivered: 30003, after: 300ms } }
                    default: { sms: { deliver: 500ms }, voice: { ring: 200ms, answer: human, detect: 200ms, do: [{ hear: 400ms }, hangup] } }
                """, in: folder)
            var setup = Setup(api: simulator.control.url)
            setup.smsRate = "1000/s, concurrency: 32"
            setup.voiceConcurrency = 16
            setup.chain =
                "[{ channel: sms, queue_within: 4s, deliver_within: 4s }, { channel: voice, queue_within: 10s }]"
            return (setup, simulator)
        }

        @Test("after the kill nobody is called whom a run without it would not have called, and nobody twice")
        func noFurtherCalls() throws {
            let folder = try Folder()
            let (quietSetup, quietSimulator) = try textsAndCalls(try Folder())
            let control = try RunningGateway(quietSetup.yaml, environment: quietSimulator.credentials)
            _ = try control.acceptAll(500, ["text": "hello"])
            _ = try control.waitForEnd(of: 500, within: 90)
            let calledWithout = Set(try quietSimulator.control.requests("Calls.json").compactMap { $0["To"] })
            #expect(calledWithout.count == 100)

            let (setup, simulator) = try textsAndCalls(folder)
            let outcome = try run(500, setup, simulator: simulator, settledStep: 1) {
                let texts = try simulator.control.requests("Messages.json").count
                return try texts > 166 && simulator.control.requests("Calls.json").count > 10
            }
            let calls = try Sent(simulator.control, "Calls")
            #expect(calls.requests.values.allSatisfy { $0 == 1 })
            #expect(calls.sids.values.allSatisfy { $0.count == 1 })
            #expect(!outcome.ambiguous.isEmpty, "it was killed at a time that proves nothing")
            #expect(outcome.ambiguous.count <= 32 + 16)
            let further = Set(calls.requests.keys).subtracting(calledWithout)
            #expect(further.isSubset(of: outcome.ambiguous), "called because of the kill: \(further)")
            let texts = try Sent(simulator.control, "Messages")
            let missing = Set(outcome.messages.compactMap { $0["to"]?.string }).subtracting(texts.sids.keys)
            #expect(missing.isSubset(of: outcome.ambiguous), "never sent: \(missing)")
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
                  speech: 5ms
                  latency: 200ms..500ms
                  calls: 1000/s
                  phones: { default: { voice: { ring: 200ms, answer: human, detect: 100ms, do: [{ hear: 200ms }, { press: "1" }] } } }
                """, in: folder)
            var setup = Setup()
            setup.policy = "ack: { required: true, words: [ok] }"
            setup.chain = "[{ channel: voice, max_calls: 1, submit_within: 20s, queue_within: 20s, ack_within: 20s }]"
            // The window of a voice lane is its live calls.
            setup.voiceConcurrency = 24
            let outcome = try run(150, setup, simulator: simulator) {
                try simulator.control.requests("Calls.json").count > 50
            }
            let sent = try Sent(simulator.control, "Calls")
            #expect(sent.requests.values.allSatisfy { $0 == 1 })
            #expect(sent.sids.values.allSatisfy { $0.count == 1 })
            #expect(!outcome.ambiguous.isEmpty, "it was killed at a time that proves nothing")
            #expect(outcome.ambiguous.count <= 24)
            let never = Set(outcome.messages.compactMap { $0["to"]?.string }).subtracting(sent.sids.keys)
            #expect(never.isSubset(of: outcome.ambiguous), "never called: \(never)")
            // A call whose end was not heard because of the kill waits for its longest duration, but rings no more.
            let ends = Set(outcome.messages.compactMap { $0["state"]?.string })
            #expect(ends.isSubset(of: ["acked", "exhausted", "active"]), "\(ends)")
            // The last ones may just ring when all are submitted.
            try eventually("that all others are acknowledged", within: 60, every: 500) {
                let acked = try outcome.gateway.allMessages().count { $0["state"]?.string == "acked" }
                return acked >= 150 - 24 ? true : nil
            }
        }
    }
}
