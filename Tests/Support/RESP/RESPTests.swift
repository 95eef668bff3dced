import RESP
import Testing

@Suite("RESP2")
struct RESPTests {
    /// The examples of the protocol's specification, and what they are.
    static let examples: [(String, RESPValue)] = [
        ("+OK\r\n", .simple("OK")), ("-ERR unknown command 'asdf'\r\n", .error("ERR unknown command 'asdf'")),
        ("-WRONGTYPE Operation against a key\r\n", .error("WRONGTYPE Operation against a key")),
        (":0\r\n", .integer(0)), (":1000\r\n", .integer(1_000)), (":-7\r\n", .integer(-7)), (":+7\r\n", .integer(7)),
        ("$5\r\nhello\r\n", .bulk(Array("hello".utf8))), ("$0\r\n\r\n", .bulk([])), ("$-1\r\n", .null),
        ("$2\r\n\r\n\r\n", .bulk([13, 10])), ("*0\r\n", .array([])), ("*-1\r\n", .null),
        ("*2\r\n$5\r\nhello\r\n$5\r\nworld\r\n", .array([.bulk(Array("hello".utf8)), .bulk(Array("world".utf8))])),
        ("*3\r\n:1\r\n:2\r\n:3\r\n", .array([.integer(1), .integer(2), .integer(3)])),
        (
            "*2\r\n*3\r\n:1\r\n:2\r\n:3\r\n*2\r\n+Hello\r\n-World\r\n",
            .array([.array([.integer(1), .integer(2), .integer(3)]), .array([.simple("Hello"), .error("World")])])
        ),
        (
            "*3\r\n$5\r\nhello\r\n$-1\r\n$5\r\nworld\r\n",
            .array([.bulk(Array("hello".utf8)), .null, .bulk(Array("world".utf8))])
        ),
    ]

    @Test("every example is read, whole, byte by byte, and cut at each place", arguments: examples)
    func example(_ text: String, _ value: RESPValue) throws {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var parser = RESPParser()
            parser.feed(bytes[..<cut])
            if cut < bytes.count { #expect(try parser.next() == nil) }
            parser.feed(bytes[cut...])
            #expect(try parser.next() == value)
            #expect(try parser.next() == nil && parser.pending == 0)
        }
        var parser = RESPParser()
        for (index, byte) in bytes.enumerated() {
            parser.feed([byte])
            #expect(try parser.next() == (index == bytes.count - 1 ? value : nil))
        }
    }

    @Test("many values behind one another are read in order")
    func pipelined() throws {
        var parser = RESPParser()
        for (text, _) in Self.examples { parser.feed(Array(text.utf8)) }
        for (_, value) in Self.examples { #expect(try parser.next() == value) }
        #expect(try parser.next() == nil)
    }

    @Test(
        "what is no RESP2 is refused, and nothing is read after it",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n", RESPFault.unknownType(0x48)), ("\r\n", .unknownType(13)),
            ("+OK\n", .malformed), ("+a\rb\r\n", .malformed), (":\r\n", .malformed), (":1a\r\n", .malformed),
            (":9223372036854775808\r\n", .malformed), ("$\r\n", .malformed), ("$-2\r\n", .malformed),
            ("$3\r\nabcde\r\n", .malformed), ("*-2\r\n", .malformed), ("$1048577\r\n", .tooLarge),
            ("*1048577\r\n", .tooLarge), (String(repeating: "*1\r\n", count: 9), .tooLarge),
            ("%1\r\n", .unknownType(0x25)),
        ])
    func refused(_ text: String, _ fault: RESPFault) {
        var parser = RESPParser()
        parser.feed(Array(text.utf8))
        for _ in 0..<2 { #expect(throws: fault) { try parser.next() } }
        parser.feed(Array("+OK\r\n".utf8))
        #expect(throws: fault) { try parser.next() }
    }

    @Test("what never ends is refused once it is too long")
    func endless() throws {
        for start in ["+", "*900000\r\n"] {
            var parser = RESPParser()
            parser.feed(Array(start.utf8))
            var fault: RESPFault?
            for _ in 0..<1_000 where fault == nil {
                parser.feed(Array(repeating: start == "+" ? "a" : ":1\r\n", count: 1_000).joined().utf8)
                do throws(RESPFault) {
                    #expect(try parser.next() == nil)
                } catch {
                    fault = error
                }
            }
            #expect(fault == .tooLarge)
            #expect(parser.pending < 2 << 20)
        }
    }

    @Test("a command is an array of its words, whatever bytes they have")
    func command() throws {
        let command = RESPCommand("XADD", "a b", "é\r\n", "")
        #expect(
            String(decoding: command.bytes, as: UTF8.self)
                == "*4\r\n$4\r\nXADD\r\n$3\r\na b\r\n$4\r\né\r\n\r\n$0\r\n\r\n")
        var parser = RESPParser()
        parser.feed(command.bytes)
        #expect(try parser.next() == .array(command.arguments.map(RESPValue.bulk)))
    }
}

@Suite("URLs of Redis")
struct RedisURLTests {
    @Test("all of its parts are read")
    func parts() throws {
        let url = try #require(RedisURL("rediss://ann:p%40ss%3Aword@redis.example.com:6380/3"))
        #expect(url.isTLS && url.host == "redis.example.com" && url.port == 6_380 && url.database == 3)
        #expect(url.user == "ann" && url.password == "p@ss:word")
        #expect(url.shown == "rediss://redis.example.com:6380/3", "no secret is shown")
        let short = try #require(RedisURL("redis://localhost"))
        #expect(!short.isTLS && short.port == 6_379 && short.database == 0 && short.password == nil)
        let six = try #require(RedisURL("redis://:s@[::1]/"))
        #expect(six.host == "::1" && six.user == nil && six.password == "s" && six.shown == "redis://[::1]:6379/0")
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "redis:", "redis://", "http://a", "redis://a:0", "redis://a:65536", "redis://a:", "redis://a/x",
            "redis://a/-1",
            "redis://a/1/2", "redis://a?x=1", "redis://a#x", "redis://ann@a", "redis://a b", "redis://[::1",
            "redis://[::1]x",
            "redis://[g]", "redis://a@b:c@d", "redis://é", "REDIS://a", "redis://a:6379:1",
        ])
    func refused(_ text: String) { #expect(RedisURL(text) == nil) }
}
