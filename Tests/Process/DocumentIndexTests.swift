import Foundation
import Glibc
import HTTP
import JSON
import SearchServer
import Synchronization
import Testing

extension ProcessTests {
    @Suite("documents in an index outside", .serialized)
    struct DocumentIndexTests {
        private static let owner = "+41791112233"

        private func yaml(_ url: String, within: String = "2s") throws -> String {
            let documents = "{ index: meilisearch, url: \"\(url)\", key: secret, within: \(within) }"
            return try Setup.shipped {
                $0 = $0.replacingOccurrences(
                    of: "\ngateway:\n",
                    with: "\ngateway:\n  documents: \(documents)\n")
            }
        }

        private func fill(_ gateway: RunningGateway) throws {
            let phone: JSONValue = ["kind": "phone", "value": .string(Self.owner), "verified": true]
            for (path, body) in [
                ("contacts/ana", ["name": "Ana", "addresses": [phone]]),
                ("boats/aurora", ["name": "Aurora", "contacts": [["id": "ana", "role": "owner"]]]),
                ("documents/w1", ["boat": "aurora", "type": "warranty", "title": "Engine Warranty - Yanmar"]),
                ("documents/x", ["boat": "boreas", "type": "warranty", "title": "Engine Warranty - Volvo"]),
            ] as [(String, JSONValue)] {
                #expect(try gateway.call("PUT", "/v1/" + path, body).status == 200, "\(path)")
            }
        }

        private func untilReady(_ gateway: RunningGateway) throws {
            try eventually("the index", within: 30) {
                try gateway.call("GET", "/v1/documents/index").json["state"] == "ready" ? true : nil
            }
        }

        /// What is filed of it.
        private func ask(_ text: String, _ gateway: RunningGateway) throws -> JSONValue {
            let before = try gateway.call("GET", "/v1/inbound").json["data"]?.array?.count ?? 0
            let sent = try gateway.simulator.send(
                "POST", "phones/\(Self.owner)/text", ["to": "+41791234567", "body": .string(text)])
            #expect(sent.status == 201)
            return try eventually("the message", within: 30) {
                let all = try gateway.call("GET", "/v1/inbound").json["data"]?.array ?? []
                return all.count > before ? all.first : nil
            }
        }

        private func expect(_ text: String, _ gateway: RunningGateway) throws {
            let told = try ask(text, gateway)
            // The same answer as the last one is not sent once more, and is that answer all the same.
            let isSame = told["withheld"] == "repeated" && told["replies"] == nil
            let replies: JSONValue = ["Found 1 warranty document(s): 1. Engine Warranty - Yanmar"]
            #expect(told["replies"] == replies || isSame, "\(text)")
        }

        private func asked(_ gateway: RunningGateway, _ outcome: String) throws -> Double {
            try gateway.metric("gateway_document_searches_total", outcome)
        }

        @Test("searches are answered by the index, and by the store while the index is not there or hangs")
        func story() throws {
            let hangs = Mutex(false)
            let search = SearchServer(key: "secret")
            let server = try ListeningSearchServer(search) { request in
                request.path == "/multi-search" && hangs.withLock { $0 }
            }
            defer { server.stop() }
            let gateway = try RunningGateway(try yaml(server.url, within: "200ms"))
            try fill(gateway)
            try untilReady(gateway)
            #expect(search.ids() == ["w1", "x"])
            try expect("Find my engine warranty", gateway)
            #expect(try asked(gateway, "found") == 1)

            // It is asked for other boats' documents by nobody, and believed by nobody.
            search.lie("x")
            try expect("The engine warranty, please", gateway)
            let found = try gateway.call("GET", "/v1/documents/search?q=engine&contact=ana").json
            #expect(found["data"]?.array?.map { $0["id"] } == ["w1"])
            #expect(try asked(gateway, "found") == 3)

            hangs.withLock { $0 = true }
            try expect("My engine warranty?", gateway)
            #expect(try asked(gateway, "away") == 1)
            hangs.withLock { $0 = false }

            search.set(down: true)
            try expect("Engine warranty!", gateway)
            #expect(try asked(gateway, "away") == 2)
            let body: JSONValue = ["boat": "aurora", "type": "warranty", "title": "Engine pump"]
            #expect(try gateway.call("PUT", "/v1/documents/w2", body).status == 200)
            let both = try gateway.call("GET", "/v1/documents/search?q=engine&contact=ana").json
            #expect(both["total"] == 2)
            #expect(try asked(gateway, "behind") == 1)
            try eventually("that the index is away", within: 30) {
                try gateway.call("GET", "/v1/documents/index").json["state"] == "away" ? true : nil
            }
            try eventually("a change that waits", within: 30) {
                try gateway.metric("gateway_document_changes", "waiting") == 1 ? true : nil
            }
            #expect(try gateway.metric("gateway_document_index_away_seconds") >= 0)
        }

        @Test("a gateway that is killed goes on where it was, and an index that is lost is filled again")
        func restart() throws {
            let search = SearchServer(key: "secret")
            let server = try ListeningSearchServer(search)
            defer { server.stop() }
            let folder = try Folder()
            search.set(down: true)
            do {
                let gateway = try RunningGateway(try yaml(server.url), in: folder)
                try fill(gateway)
                gateway.program.send(SIGKILL)
                _ = try gateway.program.wait()
            }
            search.set(down: false)
            let gateway = try RunningGateway(try yaml(server.url), in: folder)
            try untilReady(gateway)
            #expect(search.ids() == ["w1", "x"])
            search.lose()
            try expect("Find my engine warranty", gateway)
            #expect(try asked(gateway, "refused") == 1)
            try eventually("all documents", within: 30) { search.ids() == ["w1", "x"] ? true : nil }
        }
    }
}
