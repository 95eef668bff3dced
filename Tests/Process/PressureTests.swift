import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("a disk that gets full", .serialized)
    struct PressureTests {
        /// Bytes that are free where the test's store lies, in MiB.
        private func free(_ folder: Folder) throws -> Int {
            var status = statvfs()
            guard statvfs(folder.path, &status) == 0 else { throw Failure("statvfs") }
            return Int((UInt64(status.f_bavail) * UInt64(status.f_frsize)) >> 20)
        }

        private func yaml(floor: Int) -> String {
            Setup().yaml.replacingOccurrences(
                of: "  time_zone: Europe/Zurich\n",
                with: "  time_zone: Europe/Zurich\n  limits: { free_disk: \(floor) MiB }\n")
        }

        private func post(_ gateway: RunningGateway, _ priority: String) throws -> HTTPResponse {
            try gateway.call(
                "POST", "/v1/messages",
                ["to": "+41791112233", "text": "hello", "priority": .string(priority)])
        }

        @Test("below the floor what is low and normal is refused and what is urgent goes on, until there is room again")
        func floor() throws {
            let folder = try Folder()
            // Between the floor and its half: level 2.
            let gateway = try RunningGateway(yaml(floor: try free(folder) * 4 / 3), in: folder)
            try eventually("the first measurement", within: 10) {
                try Web.send(try Web.request("GET", gateway.publicURL + "/-/ready")).text.contains("disk 2")
                    ? true : nil
            }
            let refused = try ["low", "normal"].map { try post(gateway, $0) }
            for answer in refused {
                #expect(answer.status == 503)
                #expect(answer.json["code"]?.string == "overloaded")
                #expect(answer.headers[first: "Content-Type"] == "application/problem+json")
                #expect(Int(answer.headers[first: "Retry-After"] ?? "").map { 1...300 ~= $0 } == true)
            }
            let batch = try gateway.call(
                "POST", "/v1/batches", ["text": "x", "recipients": [["to": "+41791112233"]]])
            #expect(batch.status == 503)
            for priority in ["high", "critical"] {
                let answer = try post(gateway, priority)
                #expect(answer.status == 202)
                // Its receipt is a webhook, which is taken.
                try gateway.wait(for: answer.json["id"]?.string ?? "", ["satisfied"])
            }
            let metrics = try gateway.call("GET", "/metrics").text
            #expect(metrics.contains(#"gateway_pressure_level{resource="disk"} 2"#))
            #expect(metrics.contains(#"gateway_overload_refusals_total{priority="normal"} 1"#))
            try yaml(floor: 1).write(toFile: gateway.config, atomically: true, encoding: .utf8)
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            try eventually("room again", within: 30) { try post(gateway, "low").status == 202 ? true : nil }
            let lines = gateway.program.errorOutput.split(separator: "\n").filter { $0.contains(#""pressure""#) }
            #expect(lines.count == 2, "\(lines)")
            #expect(lines.first?.contains(#""refused_priorities":2"#) == true)
            #expect(lines.last?.contains(#""refused_priorities":0"#) == true)
        }
    }
}
