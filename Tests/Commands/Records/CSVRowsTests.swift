import Testing

@testable import Assembly

@Suite("CSV files")
struct CSVRowsTests {
    private func rows(_ text: String) throws -> [[String]] { try CSVRows.read(Array(text.utf8)).map(\.fields) }

    @Test("plain and quoted fields, both line ends, and a byte order mark")
    func fields() throws {
        #expect(try rows("a,b\r\nc,\n") == [["a", "b"], ["c", ""]])
        #expect(try rows("\u{FEFF}a,\"b, \"\"c\"\"\nd\",e") == [["a", "b, \"c\"\nd", "e"]])
        #expect(try rows("\n\r\na\n\n") == [["a"]])
        #expect(try rows("\"\",x\n") == [["", "x"]])
        #expect(try rows("a\rb,c") == [["a\rb", "c"]])
        #expect(try rows("") == [])
    }

    @Test("each row knows the line on which it begins, also behind fields of several lines")
    func lines() throws {
        let rows = try CSVRows.read(Array("a\n\n\"b\nc\"\nd".utf8))
        #expect(rows.map(\.line) == [1, 3, 5])
    }

    @Test("what is no CSV is refused with its line")
    func faults() {
        for (text, line) in [("a\n\"b", 2), ("a\n\"b\"c,d", 2), ("\"a\nb", 1)] {
            let fault = #expect(throws: CSVRows.Fault.self) { try CSVRows.read(Array(text.utf8)) }
            #expect(fault?.line == line)
        }
        #expect(throws: CSVRows.Fault.self) { try CSVRows.read([0x61, 0xFF]) }
    }
}
