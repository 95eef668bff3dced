import JSON
import Testing

@testable import Assembly

@Suite("tables of recipients")
struct CSVReaderTests {
    private func rows(_ text: String) -> [CSVReader.Row] {
        var reader = CSVReader(Array(text.utf8))
        var rows: [CSVReader.Row] = []
        while let row = reader.next() { rows.append(row) }
        return rows
    }

    @Test(
        "fields are read as RFC 4180 writes them",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("\"a, b\",\"say \"\"hi\"\"\"\n", [["a, b", "say \"hi\""]]), ("\"a\nb\",c", [["a\nb", "c"]]),
            (",\n\n,", [["", ""], ["", ""]]), ("\u{FEFF}a,b", [["a", "b"]]),
            ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
            ("a,b;c\n", [["a", "b;c"]]), ("é", [["é"]]), ("", []), ("a\rb", [["a\rb"]]),
        ] as [(String, [[String]])])
    func fields(_ text: String, _ expected: [[String]]) {
        let read = rows(text).map { row -> [String] in
            if case .fields(let fields, _) = row { fields } else { ["fault"] }
        }
        #expect(read == expected)
    }

    @Test("a row at fault is told with its line, and the next ones are read")
    func faults() {
        let read = rows("a,b\n\"x\ny\" z,1\n3,4\n\"never")
        #expect(
            read == [
                .fields(["a", "b"], line: 1), .fault("something follows the closing quote of a field", line: 2),
                .fields(["3", "4"], line: 4), .fault("a quoted field does not end", line: 5),
            ])
        var reader = CSVReader([0x61, 0x0A, 0xFF, 0x0A, 0x62])
        #expect(reader.next() == .fields(["a"], line: 1))
        #expect(reader.next() == .fault("the text is not UTF-8", line: 2))
        #expect(reader.next() == .fields(["b"], line: 3))
        #expect(reader.next() == nil)
    }

    @Test("columns become what a recipient has; empty cells say nothing")
    func recipients() throws {
        let text = "to,locale,label.kind,item,boat.name\n +41791110001 ,de,vip,Pump,Aurora\n+41791110002,,,,\nshort\n"
        let file = try RecipientFile(Array(text.utf8))
        #expect(
            file.recipients == [
                [
                    "to": "+41791110001", "locale": "de",
                    "variables": ["item": "Pump", "boat": ["name": "Aurora"]], "labels": ["kind": "vip"],
                ], ["to": "+41791110002"],
            ])
        #expect(file.lines == [2, 3])
        #expect(file.faults == ["4: has 1 fields, not 5"])
    }

    @Test(
        "a file without usable columns is refused",
        arguments: [("", "no_header"), ("a,b\n", "no_recipient"), ("to,x,x\n", "bad_header"), ("to,\n", "bad_header")])
    func header(_ text: String, _ code: String) {
        let error = #expect(throws: CommandFailure.self) { try RecipientFile(Array(text.utf8)) }
        #expect(error?.code == code)
    }
}
