import Testing

@testable import HTTP

@Suite("parsers: the split of the bytes does not matter")
struct SplitInvarianceTests {
    static let requestSeeds: [String] = [
        "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
            + "5;e=1\r\nhello\r\nb\r\n more chunks\r\n0\r\nT: v\r\n\r\nGET / HTTP/1.1\r\nHost: y\r\n\r\n",
        "\r\nOPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\nX-Long: \(String(repeating: "v", count: 90))\r\n\r\n",
        "PUT http://h/p HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nContent-Type: text/plain\r\n\r\n0123456789",
    ]
    static let responseSeeds: [String] = [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: s\r\n\r\nhello",
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA;x\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nX: y\r\n\r\nuntil the end",
    ]

    @Test("every place to cut a request in two", arguments: requestSeeds)
    func everyCut(seed: String) {
        let bytes = Array(seed.utf8)
        let whole = requests([bytes])
        for place in 1..<bytes.count {
            #expect(requests([Array(bytes[..<place]), Array(bytes[place...])]) == whole)
        }
        #expect(requests(bytes.map { [$0] }) == whole)
    }

    @Test("generated splits of mutated requests and answers give what the whole gives")
    func mutatedSplits() {
        var random = SplitMix(seed: 20_260_101)
        var limits = HTTPServerLimits()
        limits.requestLineBytes = 60
        limits.headerBytes = 200
        limits.headerFields = 6
        limits.bodyBytes = 40
        var refused = 0
        for round in 0..<4000 {
            let seed = Self.requestSeeds[round % Self.requestSeeds.count]
            let bytes = mutated(Array(seed.utf8), &random)
            let whole = requests([bytes], limits: limits)
            if case .failure? = whole.last { refused += 1 }
            #expect(requests(split(bytes, &random), limits: limits) == whole, "\(bytes)")
            let answer = mutated(Array(Self.responseSeeds[round % Self.responseSeeds.count].utf8), &random)
            #expect(
                response(split(answer, &random), closes: true) == response([answer], closes: true), "\(answer)")
        }
        // Neither all nor none: else the mutations would test nothing.
        #expect((500..<3900).contains(refused))
    }
}

/// Up to four small changes: a byte set, removed, doubled, or a piece copied elsewhere.
func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    let interesting: [UInt8] = Array("\r\n \t:;,0123456789aF+-x\u{0}\u{7F}".utf8) + [0x80, 0xFF]
    var result = bytes
    for _ in 0..<Int(random.next() % 5) {
        guard !result.isEmpty else { break }
        let place = Int(random.next() % UInt64(result.count))
        switch random.next() % 5 {
        case 0: result[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: result[place] = interesting[Int(random.next() % UInt64(interesting.count))]
        case 2: result.remove(at: place)
        case 3: result.insert(interesting[Int(random.next() % UInt64(interesting.count))], at: place)
        default:
            let end = min(result.count, place + Int(random.next() % 30))
            let target = Int(random.next() % UInt64(result.count))
            result.insert(contentsOf: Array(result[place..<end]), at: target)
        }
    }
    return result
}
