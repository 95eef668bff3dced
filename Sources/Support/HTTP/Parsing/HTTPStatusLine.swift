/// `HTTP-version SP status-code SP [ reason-phrase ]` (RFC 9112 §4).
struct HTTPStatusLine {
    let status: Int
    let isVersion10: Bool

    init(_ line: UnsafeBufferPointer<UInt8>) throws(HTTPParseFailure) {
        guard line.count >= 12, line[..<5].elementsEqual("HTTP/".utf8), line[5] == UInt8(ascii: "1"),
            line[6] == UInt8(ascii: "."), HTTPByte.isDigit(line[7]), line[8] == HTTPByte.space,
            line[9...11].allSatisfy(HTTPByte.isDigit)
        else { throw .bad("the status line is not well formed") }
        // The blank after the code is left out by some servers when the reason is empty.
        guard line.count == 12 || line[12] == HTTPByte.space, line[12...].allSatisfy(HTTPByte.isFieldValue) else {
            throw .bad("the status line is not well formed")
        }
        isVersion10 = line[7] == UInt8(ascii: "0")
        status = line[9...11].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        guard (100...599).contains(status) else { throw .bad("the status code is out of range") }
    }
}
