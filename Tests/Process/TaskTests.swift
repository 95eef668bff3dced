import Glibc
import JSON
import Testing

extension ProcessTests {
    @Suite("tasks", .serialized)
    struct TaskTests {
        private static let stranger = "+41791112233"

        private static func yaml() throws -> String {
            try Setup.shipped { text in
                text = text.replacing(
                    "  inbound:\n",
                    with: """
                          inbound:
                            - { name: repairs, when: { text: /broken/i }, do: [{ task: { queue: workshop, priority: 5 } }] }

                        """)
            }
        }

        @Test("a text becomes a task that one worker takes and completes, also over kill -9")
        func life() throws {
            let first = try RunningGateway(Self.yaml())
            let sent = try first.simulator.send(
                "POST", "phones/\(Self.stranger)/text", ["to": "+41791234567", "body": "The winch is broken"])
            #expect(sent.status == 201)
            let task = try eventually("the task") { try first.call("GET", "/v1/tasks").json["data"]?.array?.first }
            #expect(task["queue"] == "workshop" && task["priority"] == 5 && task["state"] == "pending")
            #expect(task["attributes"]?["text"] == "The winch is broken")
            let path = "/v1/tasks/" + (task["id"]?.string ?? "")
            #expect(try first.call("GET", path).json == task)
            #expect(try first.call("POST", path + "/reject").json["code"] == "task_not_taken")
            let taken = try first.call("POST", path + "/accept", ["worker": "luca"])
            #expect(taken.status == 200 && taken.json["state"] == "assigned" && taken.json["worker"] == "luca")
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let second = try RunningGateway(Self.yaml(), in: first.folder)
            #expect(try second.call("GET", path).json == taken.json)
            let late = try second.call("POST", path + "/accept", ["worker": "mia"])
            #expect(late.status == 409 && late.json["code"] == "task_taken", "\(late.text)")
            let done = try second.call("POST", path + "/complete", ["reason": "new rope"])
            #expect(done.json["state"] == "completed" && done.json["reason"] == "new rope")
            #expect(try second.call("POST", path + "/complete").json == done.json, "a repeat changes nothing")
            #expect(try second.call("POST", path + "/cancel").json["code"] == "task_ended")
            #expect(try second.call("GET", "/v1/tasks").json["data"] == [])
            #expect(try second.call("GET", "/v1/tasks?state=completed&worker=luca").json["data"] == [done.json])
            #expect(try second.call("GET", "/v1/tasks?state=all&queue=other").json["data"] == [])
        }

        private static let queues = """
            workers:
              ann: { skills: [winch], capacity: 2, attributes: { level: 3 } }
              ben: {}
            queues:
              workshop: { workers: 'skills HAS "winch" AND level >= 2', service_level: 1m }
              desk: {}

            """

        @Test("a worker who is available is offered the task, and the figures tell how it went")
        func offered() throws {
            let gateway = try RunningGateway(Self.yaml() + "\n" + Self.queues)
            let ann = try gateway.call("GET", "/v1/workers/ann")
            #expect(ann.json["activity"] == "offline" && ann.json["since"] == .null && ann.json["capacity"] == 2)
            #expect(ann.json["attributes"] == ["skills": ["winch"], "languages": [], "level": 3])
            let there = try gateway.call("POST", "/v1/workers/ann/activity", ["activity": "available"])
            #expect(there.status == 200 && there.json["activity"] == "available", "\(there.text)")
            _ = try gateway.simulator.send(
                "POST", "phones/\(Self.stranger)/text", ["to": "+41791234567", "body": "The winch is broken"])
            let task = try eventually("the task") {
                try gateway.call("GET", "/v1/tasks?state=reserved&worker=ann").json["data"]?.array?.first
            }
            #expect(task["until"] != nil && task["entered"] != nil)
            let path = "/v1/tasks/" + (task["id"]?.string ?? "")
            #expect(try gateway.call("GET", "/v1/workers").json["data"]?[0]?["reserved"]?.array?.count == 1)
            for (action, body, code) in [
                ("accept", ["worker": "ben"], "task_reserved"), ("reject", ["worker": "ben"], "task_reserved"),
                ("transfer", ["to": "ben"], "worker_not_available"), ("transfer", ["to": "cid"], "unknown_worker"),
                ("transfer", ["queue": "nowhere"], "unknown_queue"),
            ] as [(String, JSONValue, String)] {
                let refused = try gateway.call("POST", path + "/" + action, body)
                #expect(refused.status == 409 && refused.json["code"]?.string == code, "\(refused.text)")
            }
            #expect(try gateway.call("POST", path + "/accept", ["worker": "ann"]).json["state"] == "assigned")
            #expect(try gateway.call("POST", path + "/complete", ["worker": "ann"]).json["accepted"] != nil)
            let queue = try gateway.call("GET", "/v1/queues?hours=1").json["data"]?[0]
            #expect(queue?["name"] == "workshop" && queue?["workers"] == ["ann"] && queue?["waiting"] == 0)
            #expect(
                queue?["accepted"] == 1 && queue?["completed"] == 1 && queue?["service_level"]?["share"]?.double == 1)
            let metrics = try gateway.call("GET", "/metrics").text
            #expect(metrics.contains("gateway_queue_accepted_total{queue=\"workshop\"} 1"))
            for (method, target, body, status, code) in [
                ("GET", "/v1/workers/cid", nil, 404, "not_found"),
                ("POST", "/v1/workers/cid/activity", ["activity": "offline"], 404, "not_found"),
                ("POST", "/v1/workers/ann/activity", ["activity": "away"], 400, "invalid_request"),
                ("PUT", "/v1/workers/ann", nil, 405, "method_not_allowed"),
                ("GET", "/v1/queues?hours=0", nil, 400, "bad_parameter"),
                ("POST", path + "/transfer", [:], 400, "invalid_request"),
                ("POST", path + "/transfer", ["to": "ann", "queue": "desk"], 400, "invalid_request"),
                ("POST", path + "/transfer", ["queue": "desk"], 409, "task_ended"),
            ] as [(String, String, JSONValue?, Int, String)] {
                let answer = try gateway.call(method, target, body)
                #expect(answer.status == status && answer.json["code"]?.string == code, "\(target) \(answer.text)")
            }
        }

        @Test("what is wrong with a request is said with its place")
        func faults() throws {
            let gateway = try RunningGateway(Self.yaml())
            let path = "/v1/tasks/tsk_0000000000001"
            for (method, target, body, status, code) in [
                ("GET", "/v1/tasks?state=odd", nil, 400, "bad_parameter"),
                ("GET", "/v1/tasks?x=1", nil, 400, "unknown_parameter"), ("GET", path, nil, 404, "not_found"),
                ("GET", "/v1/tasks/msg_0000000000001", nil, 404, "not_found"),
                ("POST", path + "/accept", ["worker": "a"], 404, "not_found"),
                ("POST", path + "/accept", [:], 400, "invalid_request"),
                ("POST", path + "/accept", ["worker": ""], 400, "invalid_request"),
                ("POST", path + "/complete", ["to": "a"], 400, "invalid_request"),
                ("POST", path + "/complete", ["reason": 7], 400, "invalid_request"),
                ("POST", path + "/explode", nil, 404, "not_found"), ("PUT", path, [:], 405, "method_not_allowed"),
                ("DELETE", path + "/accept", nil, 405, "method_not_allowed"),
            ] as [(String, String, JSONValue?, Int, String)] {
                let answer = try gateway.call(method, target, body)
                #expect(
                    answer.status == status && answer.json["code"]?.string == code,
                    "\(method) \(target): \(answer.text)")
            }
        }
    }
}
