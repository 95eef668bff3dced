import JSON
import Testing

@testable import Assembly

@Suite("gateway contacts import")
struct ContactFileTests {
    private func report(_ rows: Int, errors: JSONValue = []) -> JSONValue {
        ["rows": .int(rows), "stored": .int(rows - (errors.array?.count ?? 0)), "unchanged": 0, "errors": errors]
    }

    private func error(_ line: Int, _ code: String) -> JSONValue {
        ["line": .int(line), "column": "phone", "code": .string(code), "detail": "why"]
    }

    private func sent(_ run: TestRun) -> [String] {
        run.api.requests.map { String(decoding: $0.csv ?? [], as: UTF8.self) }
    }

    @Test("rows that are refused are told with their lines, and make the exit status 1")
    func refused() {
        let run = TestRun.online(
            [(200, report(2, errors: [error(3, "bad_number")]))], files: ["p.csv": "id,phone\nana,+4179\nben,1\n"])
        #expect(run.run("contacts", "import", "p.csv") == 1)
        #expect(run.api.requests.map(\.path) == ["/v1/contacts/import"])
        #expect(sent(run) == ["id,phone\nana,+4179\nben,1\n"])
        #expect(run.errors.text == "gateway: p.csv:3: phone: why [bad_number]\n")
        #expect(run.output.text == "imported 1 of 2 contacts; 0 unchanged, 1 refused\n")
    }

    @Test("a long file goes in parts, and lines are those of the file")
    func parts() throws {
        var file = "\u{FEFF}id;\"name\nof it\"\r\n\r\n"
        for row in 0..<ContactFile.partRows { file += "a\(row);\"two\nlines\"\n" }
        file += "\n\na0;again\nb;x\n\nc;y"
        let last = 4 + 2 * ContactFile.partRows + 2
        let run = TestRun.online(
            [
                (200, report(ContactFile.partRows, errors: [error(3, "one"), error(5, "two")])),
                (200, report(2, errors: [error(3, "three"), error(4, "four")])),
            ], files: ["p.csv": file])
        #expect(run.run("contacts", "import", "p.csv", "-o", "json") == 1)
        let parts = sent(run)
        #expect(parts.count == 2)
        #expect(parts.first?.hasPrefix("\u{FEFF}id;\"name\nof it\"\r\na0;\"two\nlines\"\na1;") == true)
        #expect(parts.last == "\u{FEFF}id;\"name\nof it\"\r\nb;x\nc;y")
        let json = try run.json()
        let errors = (json["errors"]?.array ?? []).map { "\($0["line"]?.int ?? 0) \($0["code"]?.string ?? "")" }
        #expect(errors == ["4 one", "6 two", "\(last) duplicate_id", "\(last + 1) three", "\(last + 3) four"])
        #expect(json["rows"]?.int == Int64(ContactFile.partRows) + 3)
    }

    @Test("a dry run goes as a whole")
    func dry() {
        let file = "id\n" + (0...ContactFile.partRows).map { "a\($0)\n" }.joined()
        let run = TestRun.online([(200, report(ContactFile.partRows + 1))], files: ["p.csv": file])
        #expect(run.run("contacts", "import", "p.csv", "--dry-run") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/contacts/import?dry_run=true"])
        #expect(sent(run) == [file])
        #expect(run.output.text == "would import 501 of 501 contacts; 0 unchanged, 0 refused\n")
    }

    @Test("a header that the gateway refuses is told once", arguments: ["id,x\na,b\n", "", "\"id", "name"])
    func header(_ file: String) {
        let run = TestRun.online([(400, ["code": "unknown_column", "detail": "no"])], files: ["p.csv": file])
        #expect(run.run("contacts", "import", "p.csv") == 1)
        #expect(sent(run) == [file])
    }

    @Test("columns that are called otherwise are told with each part, and the id is known by its name")
    func mapped() throws {
        let rows = (0..<ContactFile.partRows).map { "a\($0),\n" }.joined()
        let run = TestRun.online(
            [(200, report(ContactFile.partRows)), (200, report(1))],
            files: ["p.csv": "Key No,id\n" + rows + "a0,\nb,\n"])
        let options = ["--map", "key no=id", "--map", "Mobile = phone&", "--ignore", "ID", "-o", "json"]
        #expect(run.run(["contacts", "import", "p.csv"] + options) == 1)
        let path = "/v1/contacts/import?map=key%20no%3Did&map=Mobile%20%3D%20phone%26&ignore=ID"
        #expect(run.api.requests.map(\.path) == [path, path])
        let error = try run.json()["errors"]?[0]
        #expect(error?["code"] == "duplicate_id" && error?["column"] == "key no")
    }
}
