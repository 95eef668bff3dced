@testable import HTTP

/// What a row of bytes led to, comparable.
enum ParseOutcome: Equatable, CustomStringConvertible {
    case request(String, HTTPHeaders, [UInt8], HTTPRequestParser.Keep)
    case response(Int, HTTPHeaders, [UInt8], keepAlive: Bool)
    case failure(Int, String)
    case unfinished

    var description: String {
        switch self {
        case .request(let line, let headers, let body, let keep):
            "\(line) \(headers.fields) \(body.count) \(keep)"
        case .response(let status, let headers, let body, let keepAlive):
            "\(status) \(headers.fields) \(body.count) \(keepAlive)"
        case .failure(let status, let reason): "\(status) \(reason)"
        case .unfinished: "unfinished"
        }
    }
}

/// Feeds bytes in pieces as a connection would, and keeps what was not taken.
private func feed(_ pieces: [[UInt8]], _ step: (UnsafeBufferPointer<UInt8>) -> (taken: Int, next: Bool, stop: Bool)) {
    var buffer: [UInt8] = []
    for piece in pieces {
        buffer += piece
        while true {
            let result = buffer.withUnsafeBufferPointer(step)
            buffer.removeFirst(result.taken)
            if result.stop { return }
            if !result.next { break }
        }
    }
}

/// Every request in the pieces, then a failure or `unfinished` when something is left over.
func requests(_ pieces: [[UInt8]], limits: HTTPServerLimits = HTTPServerLimits()) -> [ParseOutcome] {
    var parser = HTTPRequestParser(limits: limits)
    var outcomes: [ParseOutcome] = []
    var left = 0
    feed(pieces) { input in
        let (taken, action) = parser.parse(input)
        left = input.count - taken
        switch action {
        case .needMore: return (taken, false, false)
        case .sendContinue: return (taken, true, false)
        case .request(let request, let keep):
            outcomes.append(
                .request("\(request.method) \(request.target)", request.headers, request.body, keep))
            return (taken, true, false)
        case .failure(let failure):
            outcomes.append(.failure(failure.status, failure.reason))
            return (taken, false, true)
        }
    }
    if case .failure? = outcomes.last { return outcomes }
    if left > 0 || !parser.isIdle { outcomes.append(.unfinished) }
    return outcomes
}

func requests(_ text: String, limits: HTTPServerLimits = HTTPServerLimits()) -> [ParseOutcome] {
    requests([Array(text.utf8)], limits: limits)
}

/// The one answer in the pieces; the peer closes after the last when `closes`.
func response(
    _ pieces: [[UInt8]], limits: HTTPClientLimits = HTTPClientLimits(), isHead: Bool = false, closes: Bool = false
) -> ParseOutcome {
    var parser = HTTPResponseParser(limits: limits, isHead: isHead)
    var outcome = ParseOutcome.unfinished
    feed(pieces) { input in
        let (taken, action) = parser.parse(input)
        switch action {
        case .needMore: return (taken, false, false)
        case .response(let response, let keepAlive):
            outcome = .response(response.status, response.headers, response.body, keepAlive: keepAlive)
        case .failure(let failure):
            outcome = .failure(failure.status, failure.reason)
        }
        return (taken, false, true)
    }
    if outcome == .unfinished, closes, let response = parser.close() {
        return .response(response.status, response.headers, response.body, keepAlive: false)
    }
    return outcome
}

func response(_ text: String, isHead: Bool = false, closes: Bool = false) -> ParseOutcome {
    response([Array(text.utf8)], isHead: isHead, closes: closes)
}

/// Cuts bytes into pieces at generated places.
func split(_ bytes: [UInt8], _ random: inout SplitMix) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    let longest = Int(random.next() % 3 == 0 ? 2 : random.next() % 40 + 1)
    while start < bytes.count {
        let end = min(bytes.count, start + 1 + Int(random.next() % UInt64(longest)))
        pieces.append(Array(bytes[start..<end]))
        start = end
    }
    return pieces
}

/// A small seeded generator (SplitMix64), so that a failing case can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
