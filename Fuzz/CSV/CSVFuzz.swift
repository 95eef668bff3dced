// Comma-separated values: any bytes are read to their end, lines and places rise, and what was read and is written again
// reads the same.
import CSV

/// Called by libFuzzer with each input: a table.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = FuzzInput(data, size).rest
    var reader = CSVReader(bytes)
    var rows: [[String]] = []
    var (lastLine, lastOffset) = (0, -1)
    while let row = reader.next() {
        let line: Int
        switch row {
        case .fields(let fields, let begin):
            expect(!fields.isEmpty, "a row has no field")
            rows.append(fields)
            line = begin
        case .fault(let text, let begin):
            expect(!text.isEmpty, "a fault says nothing")
            line = begin
        }
        expect(line > lastLine && reader.offset > lastOffset, "line \(line) after \(lastLine)")
        (lastLine, lastOffset) = (line, reader.offset)
    }
    expect(reader.offset == bytes.count, "\(bytes.count - reader.offset) bytes are left")
    checkRoundTrip(rows)
    return 0
}

private func checkRoundTrip(_ rows: [[String]]) {
    let table = [["a", "b"]] + rows
    let quote = UInt8(ascii: "\"")
    var bytes: [UInt8] = []
    for row in table {
        for (index, field) in row.enumerated() {
            // By bytes: with a combining mark behind it a quote is another character.
            bytes += (index == 0 ? [] : [UInt8(ascii: ",")]) + [quote]
            bytes += field.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
        }
        bytes += [0x0D, 0x0A]
    }
    var again = CSVReader(bytes)
    for row in table {
        guard case .fields(let fields, _)? = again.next() else { return expect(false, "a written row is lost") }
        expect(fields.map { Array($0.utf8) } == row.map { Array($0.utf8) }, "\(row) reads as \(fields)")
    }
    expect(again.next() == nil, "there is a row too many")
}
