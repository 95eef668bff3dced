import Testing

@testable import Server

@Suite("parts of a file that a request asks for")
struct ByteRangeTests {
    @Test(
        "one range is understood, everything else is the whole",
        arguments: [
            ("bytes=0-0", .part(start: 0, length: 1)), ("bytes=2-4", .part(start: 2, length: 3)),
            ("Bytes= 2 - 4 ", .part(start: 2, length: 3)), ("bytes=8-99", .part(start: 8, length: 2)),
            ("bytes=3-", .part(start: 3, length: 7)), ("bytes=-3", .part(start: 7, length: 3)),
            ("bytes=-99", .part(start: 0, length: 10)), ("bytes=9-9", .part(start: 9, length: 1)),
            ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable),
            ("bytes=0-99999999999999999999", .part(start: 0, length: 10)),
            (nil, .whole), ("", .whole), ("bytes=", .whole), ("bytes=-", .whole), ("bytes=4-2", .whole),
            ("bytes=0-1,3-4", .whole), ("lines=0-1", .whole), ("bytes=a-b", .whole), ("bytes=+1-2", .whole),
            ("bytes=1--2", .whole), ("bytes=0x1-2", .whole),
        ] as [(String?, ByteRange)])
    func ranges(_ field: String?, _ expected: ByteRange) {
        #expect(ByteRange(field, size: 10) == expected)
    }

    @Test("of an empty file there are no parts", arguments: ["bytes=0-", "bytes=-1", "bytes=0-0"])
    func empty(_ field: String) {
        #expect(ByteRange(field, size: 0) == .unsatisfiable)
    }
}
