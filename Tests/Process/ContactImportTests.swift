import Dispatch
import Glibc
import HTTP
import JSON
import Synchronization
import Testing

extension ProcessTests {
    @Suite("tables of contacts")
    struct ContactImportTests {
        private static let csv = ("Content-Type", "text/csv; charset=utf-8")

        private func post(
            _ gateway: RunningGateway, _ table: String, query: String = "", type: (String, String)? = csv
        ) throws -> (status: Int, json: JSONValue) {
            let headers = [("Authorization", "Bearer " + gateway.key)] + (type.map { [$0] } ?? [])
            let answer = try Web.send(
                Web.request(
                    "POST", gateway.privateURL + "/v1/contacts/import" + query, headers: headers,
                    body: Array(table.utf8)))
            return (answer.status, answer.json)
        }

        @Test("good rows are stored and found, bad ones are told, and a dry run stores nothing")
        func stored() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let table = "id;name;phone\r\nana;\"Ana \"\"A\"\"\";+41 79 111 22 33\r\nben;Ben;0791112234\r\n"
            let report: JSONValue = [
                "rows": 2, "stored": 1, "unchanged": 0,
                "errors": [
                    [
                        "line": 3, "column": "phone", "code": "bad_number",
                        "detail":
                            "'0791112234': the number must be international: '+', country code, number, such as +41791234567",
                    ]
                ],
            ]
            let dry = try post(gateway, table, query: "?dry_run=true")
            #expect(dry.status == 200 && dry.json == report, "\(dry)")
            #expect(try gateway.call("GET", "/v1/contacts").json["data"]?.array?.isEmpty == true)
            let answer = try post(gateway, table)
            #expect(answer.status == 200 && answer.json == report, "\(answer)")
            #expect(try gateway.call("GET", "/v1/contacts/ana").json["name"]?.string == "Ana \"A\"")
            let id = try gateway.accept(["to": "contact:ana", "text": "hello"])
            try gateway.wait(for: id, ["satisfied"])
            #expect(try post(gateway, table).json["unchanged"]?.int == 1)
        }

        @Test("what is no table, no CSV or no permission is refused, and the path names a contact otherwise")
        func refused() throws {
            let gateway = try RunningGateway(Setup().yaml)
            #expect(try post(gateway, "id\na", type: ("Content-Type", "application/json")).status == 415)
            #expect(try post(gateway, "id\na", type: nil).status == 415)
            #expect(try post(gateway, "").json["code"]?.string == "no_header")
            #expect(try post(gateway, "name\na").json["code"]?.string == "missing_column")
            #expect(try post(gateway, "id\na", query: "?dry_run=maybe").status == 400)
            #expect(try post(gateway, "id\na", query: "?dry=true").status == 400)
            #expect(try post(gateway, "id\na", query: "?map=id").json["code"]?.string == "bad_parameter")
            let named = "?map=Mobile%3Dphone&ignore=My+Notes&dry_run=true"
            let faulty = try post(gateway, "ID,mobile,my notes\na,1,2", query: named)
            #expect(faulty.json["errors"]?[0]?["column"] == "mobile")
            let key = try gateway.call("POST", "/v1/keys", ["name": "reader", "scopes": ["contacts:read"]])
            let reader = try #require(key.json["key"]?.string)
            let answer = try Web.send(
                Web.request(
                    "POST", gateway.privateURL + "/v1/contacts/import",
                    headers: [("Authorization", "Bearer " + reader), Self.csv], body: Array("id\na".utf8)))
            #expect(answer.status == 403)
            #expect(try gateway.call("PUT", "/v1/contacts/import", ["name": "Import"]).status == 200)
            #expect(try gateway.call("GET", "/v1/contacts/import").json["name"]?.string == "Import")
        }

        @Test("a table longer than other bodies may be is taken whole, and others are answered meanwhile")
        func long() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let note = String(repeating: "x", count: 150)
            var table = "id,name,phone\n"
            for index in 0..<8_000 { table += "c\(index),\(note),+4179\(1_000_000 + index)\n" }
            #expect(table.utf8.count > 1_048_576)
            let headers = [("Authorization", "Bearer " + gateway.key), Self.csv]
            let importing = try Web.request(
                "POST", gateway.privateURL + "/v1/contacts/import", headers: headers, body: Array(table.utf8))
            let other = try gateway.request("GET", "/v1/contacts?limit=1")
            let answers = Web.sendAll([importing, other, importing])
            #expect(try answers[0].get().json["stored"]?.int == 8_000)
            #expect(try answers[1].get().status == 200)
            // Which of the two was first is no matter: the other one waits for it, or comes after it.
            let second = try answers[2].get()
            #expect(second.status == 503 || second.json["unchanged"]?.int == 8_000, "\(second.text)")
        }

        @Test("a program that ends waits for no table, and keeps what it has read of it")
        func ending() throws {
            let gateway = try RunningGateway(Setup().yaml)
            var table = "id,phone\n"
            for index in 0..<100_000 { table += "c\(index),+4179\(1_000_000 + index)\n" }
            let importing = try Web.request(
                "POST", gateway.privateURL + "/v1/contacts/import",
                headers: [("Authorization", "Bearer " + gateway.key), Self.csv], body: Array(table.utf8))
            let answer = Mutex<HTTPResponse?>(nil)
            let ended = DispatchGroup()
            DispatchQueue.global().async(group: ended) {
                let response = try? Web.send(importing)
                answer.withLock { $0 = response }
            }
            try eventually("the first contacts") {
                try gateway.call("GET", "/v1/contacts?limit=1").json["data"]?.array?.isEmpty == false ? true : nil
            }
            gateway.program.send(SIGTERM)
            #expect(try gateway.program.wait() == 0)
            ended.wait()
            #expect(answer.withLock { $0?.status } == 503)
            let second = try RunningGateway(Setup().yaml, in: gateway.folder)
            #expect(try second.call("GET", "/v1/contacts?limit=1").json["data"]?.array?.count == 1)
        }
    }
}
