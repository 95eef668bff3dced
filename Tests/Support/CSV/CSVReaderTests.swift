import CSV
import Testing

@Suite("comma-separated values")
struct CSVReaderTests {
    private func rows(_ bytes: [UInt8]) -> [CSVReader.Row] {
        var reader = CSVReader(bytes)
        var rows: [CSVReader.Row] = []
        while let row = reader.next() { rows.append(row) }
        return rows
    }

    private func rows(_ text: String) -> [CSVReader.Row] { rows(Array(text.utf8)) }

    private func fields(_ text: String) -> [[String]] {
        rows(text).map { if case .fields(let fields, _) = $0 { fields } else { ["fault"] } }
    }

    @Test(
        "fields are read as RFC 4180 writes them",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("\"a, b\",\"say \"\"hi\"\"\"\n", [["a, b", "say \"hi\""]]), ("\"a\nb\",c", [["a\nb", "c"]]),
            ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]), (",\n\n,", [["", ""], ["", ""]]),
            ("a,b\r\nc,\n", [["a", "b"], ["c", ""]]), ("\u{FEFF}a,b", [["a", "b"]]), ("a\r", [["a"]]),
            ("\n\r\na\n\n", [["a"]]), ("\"\",x\n", [["", "x"]]), ("é", [["é"]]), ("", []), ("a\rb", [["a\rb"]]),
        ] as [(String, [[String]])])
    func reads(_ text: String, _ expected: [[String]]) {
        #expect(fields(text) == expected)
    }

    @Test("semicolons separate where the first line has them and no comma")
    func semicolons() {
        #expect(fields("a;b\n1,5;2") == [["a", "b"], ["1,5", "2"]])
        #expect(fields("\u{FEFF}a;\"b\"\r\n1;\"2;\"\"3\"\r\n") == [["a", "b"], ["1", "2;\"3"]])
        #expect(fields("a,b;c\n1;2,3") == [["a", "b;c"], ["1;2", "3"]])
    }

    @Test("a row at fault is told with its line, and the next ones are read")
    func faults() {
        #expect(
            rows("a,b\n\"x\ny\" z,1\n3,4\n\"never") == [
                .fields(["a", "b"], line: 1), .fault("something follows the closing quote of a field", line: 2),
                .fields(["3", "4"], line: 4), .fault("a quoted field does not end", line: 5),
            ])
        #expect(
            rows([0x61, 0x0A, 0xFF, 0x0A, 0x62]) == [
                .fields(["a"], line: 1), .fault("the text is not UTF-8", line: 2), .fields(["b"], line: 3),
            ])
    }

    @Test("each row knows the line on which it begins, also behind empty lines and fields of several")
    func lines() {
        let lines = rows("a\n\n\"b\nc\"\r\nd").map { row in
            switch row {
            case .fields(_, let line), .fault(_, let line): line
            }
        }
        #expect(lines == [1, 3, 5])
    }

    @Test("the offset is where the next row begins, so that the bytes of a row can be taken as they are")
    func offsets() {
        let bytes = Array("\u{FEFF}a,b\r\n\"1\n\",2\n3,4".utf8)
        var reader = CSVReader(bytes)
        #expect(reader.offset == 3)
        var pieces: [String] = []
        while true {
            let begin = reader.offset
            guard reader.next() != nil else { break }
            pieces.append(String(decoding: bytes[begin..<reader.offset], as: UTF8.self))
        }
        #expect(pieces == ["a,b\r\n", "\"1\n\",2\n", "3,4"])
        #expect(reader.offset == bytes.count)
    }

    // MARK: generated

    /// The tables of these tests, the same in every run (Knuth's MMIX generator).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 33)
        }
    }

    /// Quotes every field, or only those that need it.
    private func written(_ table: [[String]], _ separator: String, _ end: String, quotesAll: Bool) -> String {
        table.map { row in
            row.map { field in
                let needs = field.isEmpty || field.unicodeScalars.contains { ",;\"\r\n".unicodeScalars.contains($0) }
                return quotesAll || needs ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
            }.joined(separator: separator)
        }.map { $0 + end }.joined()
    }

    @Test("whatever is written is read again", arguments: [",", ";"], ["\n", "\r\n"])
    func roundTrip(_ separator: String, _ end: String) {
        var generator = Generator(state: UInt64(separator.utf8.first ?? 0) << 8 | UInt64(end.utf8.count))
        let pieces = ["", "a", "é", ",", ";", "\"", "\n", "\r\n", "\r", " ", "\u{FEFF}", "𝄞"]
        for round in 0..<300 {
            // The first line has to have no comma where semicolons separate, and to need no quotes.
            var table = [["one", "two", "three"]]
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                table.append(
                    (0..<3).map { _ in
                        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                            pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                        }.joined()
                    })
            }
            let text = written(table, separator, end, quotesAll: round % 2 == 0)
            #expect(fields(text) == table, "\(text.debugDescription)")
        }
    }

    @Test("any bytes are read to their end: lines rise, and no row is without a field")
    func anyBytes() {
        var generator = Generator(state: 7)
        let likely = Array(",;\"\n\r a\u{FEFF}é".utf8) + [0xFF, 0x00]
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                likely[Int.random(in: 0..<likely.count, using: &generator)]
            }
            var reader = CSVReader(bytes)
            var (last, offset) = (0, 0)
            while let row = reader.next() {
                switch row {
                case .fields(let fields, let line):
                    #expect(line > last && !fields.isEmpty)
                    last = line
                case .fault(let text, let line):
                    #expect(line > last && !text.isEmpty)
                    last = line
                }
                #expect(reader.offset > offset)
                offset = reader.offset
            }
            #expect(reader.offset == bytes.count)
            #expect(last <= 1 + bytes.count { $0 == 0x0A })
        }
    }
}
