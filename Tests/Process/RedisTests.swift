import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite(
        "events in a stream of Redis", .serialized,
        .enabled(if: RedisServer.isThere, "redis-tools is not installed: run `make test`, which installs it"))
    struct RedisTests {
        private static let message: JSONValue = ["to": "+41791112233", "text": "hello"]

        private func setup(_ server: RedisServer, _ more: String = "", user: String = "") -> Setup {
            var setup = Setup(chain: "[{ channel: sms }]")
            setup.gatewayKeys = "redis: { url: \"redis://\(user)127.0.0.1:\(server.port)/0\"\(more) }"
            return setup
        }

        /// Waits until the stream has all events of the gateway, and compares them.
        @discardableResult
        private func compare(
            _ gateway: RunningGateway, _ server: RedisServer, after count: Int = 0
        ) throws -> [(id: String, fields: [String: String])] {
            var wanted: [JSONValue] = []
            let entries = try eventually("all events in the stream") {
                wanted = try gateway.call("GET", "/v1/events?limit=500").json["data"]?.array ?? []
                let entries = try server.entries()
                return entries.count >= wanted.count - count && wanted.count > count ? entries : nil
            }
            let events = try entries.map { try JSONValue(parsing: Array(($0.fields["event"] ?? "").utf8)) }
            #expect(events == Array(wanted.dropFirst(count)))
            #expect(zip(entries, events).allSatisfy { $0.fields["type"] == $1["type"]?.string })
            #expect(zip(entries, events).allSatisfy { $0.fields["subject"] == $1["subject"]?.string })
            return entries
        }

        private func state(_ gateway: RunningGateway) throws -> JSONValue {
            try gateway.call("GET", "/v1/events/stream").json
        }

        @Test("every event once and in order, over kill -9 of the server, of the gateway, and of both")
        func kills() throws {
            let server = try RedisServer()
            var gateway = try RunningGateway(setup(server).yaml)
            try gateway.wait(for: try gateway.accept(Self.message), ["satisfied"])
            try compare(gateway, server)
            #expect(try state(gateway)["state"] == "told")
            try server.kill()
            try gateway.wait(for: try gateway.accept(Self.message), ["satisfied"])
            try eventually("that it is away") { try state(gateway)["state"] == "away" ? true : nil }
            #expect(try state(gateway)["reason"]?.string?.isEmpty == false)
            try server.start()
            try compare(gateway, server)
            for isBoth in [false, true] {
                _ = try gateway.accept(Self.message)
                gateway.program.send(SIGKILL)
                #expect(try gateway.program.wait() == -SIGKILL)
                if isBoth { try server.kill() }
                if isBoth { try server.start() }
                gateway = try RunningGateway(setup(server).yaml, in: gateway.folder)
                try gateway.wait(for: try gateway.accept(Self.message), ["satisfied"])
                try compare(gateway, server)
            }
            let ids = try server.entries().map(\.id)
            #expect(Set(ids).count == ids.count)
            let metrics = try Web.send(try Web.request("GET", gateway.privateURL + "/metrics")).text
            #expect(metrics.contains("gateway_event_stream_away_seconds 0"), "\(metrics.suffix(300))")
            let errors = try gateway.call("GET", "/v1/errors?code=event_stream_away").json["data"]?.array ?? []
            #expect(!errors.isEmpty)
        }

        @Test("a consumer group reads and acknowledges, as the documentation shows")
        func group() throws {
            let server = try RedisServer()
            // A consumer may be there first.
            #expect(try server.tell("XGROUP", "CREATE", "gateway:events", "crm", "$", "MKSTREAM").text == "OK")
            let gateway = try RunningGateway(setup(server, ", types: [\"message.*\"]").yaml)
            let id = try gateway.accept(Self.message)
            try gateway.wait(for: id, ["satisfied"])
            try eventually("the last event") {
                try server.entries().last?.fields["type"] == "com.gateway.message.satisfied.v1" ? true : nil
            }
            let read = try server.tell(
                "XREADGROUP", "GROUP", "crm", "one", "COUNT", "1", "STREAMS", "gateway:events", ">")
            let entry = try #require(read.json?["gateway:events"]?[0])
            #expect(entry[1]?.array?.contains(.string(id)) == true, "\(read.text)")
            #expect(try server.tell("XACK", "gateway:events", "crm", entry[0]?.string ?? "").text == "1")
        }

        @Test("a wrong password is told with what the server says, and the right one of a reload goes on")
        func password() throws {
            let server = try RedisServer(["--requirepass", "right:one"])
            let gateway = try RunningGateway(setup(server, user: ":wrong@").yaml)
            try gateway.wait(for: try gateway.accept(Self.message), ["satisfied"])
            try eventually("that it is refused") { try state(gateway)["state"] == "refused" ? true : nil }
            let refused = try state(gateway)
            #expect(refused["reason"]?.string?.hasPrefix("WRONGPASS") == true, "\(refused)")
            #expect(refused["url"]?.string == "redis://127.0.0.1:\(server.port)/0", "no password is shown")
            _ = try gateway.folder.write(
                setup(server, ", from: start", user: ":right%3Aone@").yaml, to: "channels.yaml")
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            let entries = try eventually("events") {
                let words = try server.tell("XLEN", "gateway:events", user: ["-a", "right:one", "--no-auth-warning"])
                return words.text == "5" || words.text == "4" ? words.text : nil
            }
            #expect(!entries.isEmpty)
            #expect(try state(gateway)["state"] == "told")
        }

        @Test("another kind of key is left alone, and want of memory waited out")
        func limits() throws {
            let server = try RedisServer()
            _ = try server.tell("SET", "gateway:events", "theirs")
            let gateway = try RunningGateway(setup(server, ", max_length: 1000").yaml)
            _ = try gateway.accept(Self.message)
            try eventually("that it is refused") { try state(gateway)["state"] == "refused" ? true : nil }
            #expect(try state(gateway)["reason"]?.string?.hasPrefix("WRONGTYPE") == true)
            #expect(try server.tell("GET", "gateway:events").text == "theirs")
            _ = try server.tell("DEL", "gateway:events")
            _ = try server.tell("CONFIG", "SET", "maxmemory", "1")
            // It is tried within a minute again; a reload begins anew.
            _ = try gateway.folder.write(setup(server, ", max_length: 1000, from: start").yaml, to: "channels.yaml")
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            try eventually("that it waits") { try state(gateway)["state"] == "away" ? true : nil }
            #expect(try state(gateway)["reason"]?.string?.hasPrefix("OOM") == true)
            _ = try server.tell("CONFIG", "SET", "maxmemory", "0")
            try compare(gateway, server)
            #expect(try state(gateway)["state"] == "told")
            #expect(try gateway.call("GET", "/v1/events/stream?x=1").status == 400)
            #expect(try gateway.call("POST", "/v1/events/stream").status == 405)
            let none = try RunningGateway(Setup().yaml)
            #expect(try none.call("GET", "/v1/events/stream").status == 404)
        }

        @Test("over TLS the server must show a certificate of an authority that is trusted")
        func tls() throws {
            let server = try RedisServer(isTLS: true)
            var setup = Setup(chain: "[{ channel: sms }]")
            let url = "url: \"rediss://127.0.0.1:\(server.port)\", from: start"
            setup.gatewayKeys = "redis: { \(url) }"
            let gateway = try RunningGateway(setup.yaml)
            try gateway.wait(for: try gateway.accept(Self.message), ["satisfied"])
            try eventually("that it is away") { try state(gateway)["state"] == "away" ? true : nil }
            #expect(try state(gateway)["reason"]?.string?.contains("certificate") == true, "it tells why")
            setup.gatewayKeys = "redis: { \(url), ca_file: \"\(server.folder.path)/ca.pem\" }"
            _ = try gateway.folder.write(setup.yaml, to: "channels.yaml")
            #expect(try gateway.call("POST", "/-/reload").status == 200)
            try compare(gateway, server)
        }

        @Test("stopping does not wait for a server that says nothing")
        func silent() throws {
            let server = try RedisServer()
            let gateway = try RunningGateway(setup(server).yaml)
            _ = try gateway.accept(Self.message)
            // It takes connections, and answers nobody.
            _ = try server.tell("CLIENT", "PAUSE", "60000")
            _ = try gateway.accept(Self.message)
            gateway.program.send(SIGTERM)
            #expect(try gateway.program.wait(upTo: 9) == 0)
        }
    }
}
