import CLinux
import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    /// What the system refuses a running gateway: its limits are changed from outside while it works.
    @Suite("a system that has nothing left", .serialized)
    struct ResourceTests {
        private enum Resource: Int32 {
            /// `RLIMIT_FSIZE`: how long a file may grow.
            case fileSize = 1
            /// `RLIMIT_NOFILE`: the number that no descriptor may reach.
            case descriptors = 7
        }

        /// Sets the soft limit of a running program; `nil` lifts it as far as may be.
        private func limit(_ program: Program, _ resource: Resource, to value: Int?) throws {
            var limits = rlimit()
            guard prlimit(program.pid, resource.rawValue, nil, &limits) == 0 else { throw Failure("prlimit") }
            limits.rlim_cur = value.map { rlim_t($0) } ?? limits.rlim_max
            guard prlimit(program.pid, resource.rawValue, &limits, nil) == 0 else { throw Failure("prlimit") }
        }

        private func accept(_ gateway: RunningGateway, _ index: Int) throws -> HTTPResponse {
            try gateway.call("POST", "/v1/messages", ["to": .string("+4179\(2_000_000 + index)"), "text": "hello"])
        }

        @Test("while the store's files cannot grow a message is answered 503; the process goes on, and nothing is lost")
        func noRoom() throws {
            let gateway = try RunningGateway(Setup().yaml)
            var accepted = [try gateway.accept(["to": "+41791112233", "text": "hello"])]
            try gateway.wait(for: accepted[0], ["satisfied"])
            let log = gateway.folder.path + "/data/gateway.db-wal"
            let size = try #require(FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
            try limit(gateway.program, .fileSize, to: size + 40_000)
            var refused: HTTPResponse?
            for index in 0..<200 where refused == nil {
                let answer = try accept(gateway, index)
                if answer.status == 202 { accepted.append(answer.json["id"]?.string ?? "") } else { refused = answer }
            }
            #expect(refused?.status == 503)
            #expect(refused?.json["code"]?.string == "unavailable")
            #expect(refused?.headers[first: "Retry-After"] != nil)
            #expect(try gateway.call("GET", "/v1/messages/" + accepted[0]).status == 200)
            try limit(gateway.program, .fileSize, to: nil)
            accepted.append(try gateway.accept(["to": "+41791112234", "text": "hello"]))
            for id in accepted { try gateway.wait(for: id, ["satisfied"]) }
            #expect(try gateway.simulator.requests("Messages.json").count == accepted.count)
        }

        @Test("without file descriptors it neither ends nor spins, and works off what waits as soon as it has some")
        func noDescriptors() throws {
            let simulator = try RunningSimulator(
                """
                  latency: 300ms..500ms
                  senders: { "+41791234567": { type: short_code, rate: 1000/s } }
                  phones: { default: { sms: { deliver: 100ms } } }
                """, in: try Folder())
            let gateway = try RunningGateway(
                Setup(api: simulator.control.url).yaml, environment: simulator.credentials)
            // One connection that stays; every request to the provider needs another.
            let ids = try (0..<5).map { index in
                let answer = try accept(gateway, index)
                try limit(gateway.program, .descriptors, to: 3)
                return try #require(answer.json["id"]?.string, "\(answer.status) \(answer.text)")
            }
            let begin = try processorTime(gateway.program)
            let waiting = try eventually("a message that cannot be sent", every: 100) {
                try gateway.message(ids[4])["deliveries"]?[0]?["steps"]?[0]?["state"]?.string == "held" ? true : nil
            }
            #expect(waiting)
            #expect(try processorTime(gateway.program) - begin < 1)
            try limit(gateway.program, .descriptors, to: nil)
            for id in ids { try gateway.wait(for: id, ["satisfied"], within: 60) }
            #expect(try Set(simulator.control.requests("Messages.json").map { $0["To"] }).count == 5)
            let again = try gateway.accept(["to": "+41791112234", "text": "hello"])
            try gateway.wait(for: again, ["satisfied"])
        }

        /// Seconds of processor time that a program used.
        private func processorTime(_ program: Program) throws -> Double {
            let text = try String(contentsOfFile: "/proc/\(program.pid)/stat", encoding: .utf8)
            let fields = text.split(separator: ")").last?.split(separator: " ").compactMap { Double($0) } ?? []
            guard fields.count > 12 else { throw Failure("no such process") }
            // Fields 14 and 15, in ticks; the state, the first behind the name, is no number.
            return (fields[10] + fields[11]) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}
