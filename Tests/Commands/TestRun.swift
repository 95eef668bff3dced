import Gateway
import JSON
import Server
import Synchronization

@testable import Assembly

/// One run of a command without a process: what it wrote, what it asked of the API, how long it paused.
final class TestRun: Sendable {
    let output = CollectingSink()
    let errors = CollectingSink()
    let api: ScriptedAPI
    private let context: CommandContext
    private let pauses: PauseRecorder

    /// - Parameters:
    ///   - files: what can be read, by path; other paths are read from the disk.
    ///   - lines: of standard input.
    ///   - answers: of the API, in order; the last one stays.
    init(
        files: [String: String] = [:], environment: [String: String] = [:], answers: [APIAnswer] = [],
        paint: Paint = .off, now: Int64 = TestRun.noon, lines: [String] = []
    ) {
        let api = ScriptedAPI(answers)
        let pauses = PauseRecorder()
        self.api = api
        self.pauses = pauses
        var context = CommandContext(
            environment: environment, output: output, errors: errors, paint: paint,
            clock: StandingClock(now: Timestamp(milliseconds: now)),
            readFile: { path throws(CommandFailure) in
                if let text = files[path] { return Array(text.utf8) }
                return try Files.read(path)
            },
            pause: { pauses.add($0) },
            connect: { access throws(CommandFailure) in
                api.connected(access)
                return api
            })
        let input = LineFeed(lines)
        context.readLine = { input.next() }
        self.context = context
    }

    /// Monday, 2026-11-23T11:00:00Z: noon in Zurich.
    static let noon: Int64 = 1_795_431_600_000

    func run(_ arguments: String...) -> Int32 { CommandRunner.run(arguments, context) }
    func run(_ arguments: [String]) -> Int32 { CommandRunner.run(arguments, context) }

    var paused: [Duration] { pauses.all }

    /// The output as JSON.
    func json() throws -> JSONValue { try JSONValue(parsing: output.text) }
}

/// Lines of standard input, one after the other.
private final class LineFeed: Sendable {
    private let left: Mutex<ArraySlice<String>>
    init(_ lines: [String]) { left = Mutex(lines[...]) }
    func next() -> String? { left.withLock { $0.popFirst() } }
}

/// Keeps what is written.
final class CollectingSink: TextSink {
    private let written = Mutex("")
    var text: String { written.withLock { $0 } }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
    func write(_ text: String) { written.withLock { $0 += text } }
}

/// Keeps how long commands wanted to wait; nobody waits.
final class PauseRecorder: Sendable {
    private let spans = Mutex<[Duration]>([])
    var all: [Duration] { spans.withLock { $0 } }
    func add(_ span: Duration) { spans.withLock { $0.append(span) } }
}

/// A clock that stands.
struct StandingClock: GatewayClock {
    let now: Timestamp
    var monotonic: UInt64 { 0 }
}

/// Answers requests in order and keeps them.
final class ScriptedAPI: GatewayAPI {
    private struct State {
        var answers: [APIAnswer]
        var requests: [APIRequest] = []
        var access: APIAccess?
        var content: (pieces: [[UInt8]], failure: CommandFailure?) = ([], nil)
    }

    private let state: Mutex<State>

    init(_ answers: [APIAnswer]) { state = Mutex(State(answers: answers)) }

    var requests: [APIRequest] { state.withLock { $0.requests } }
    var access: APIAccess? { state.withLock { $0.access } }
    func connected(_ access: APIAccess) { state.withLock { $0.access = access } }

    func exchange(_ request: APIRequest) throws(CommandFailure) -> APIAnswer {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first
        }
        guard let answer else { throw CommandFailure("no_answer", "the script has no answer") }
        return answer
    }

    /// What a download brings from now on: pieces, and why it breaks off after them.
    func brings(_ pieces: [[UInt8]], failing failure: CommandFailure? = nil) {
        state.withLock { $0.content = (pieces, failure) }
    }

    func receive(_ path: String, _ write: ([UInt8]) throws(CommandFailure) -> Void) throws(CommandFailure) {
        let (pieces, failure) = state.withLock { state in
            state.requests.append(APIRequest("GET", path))
            return state.content
        }
        for piece in pieces { try write(piece) }
        if let failure { throw failure }
    }
}

extension TestRun {
    /// A data folder as `gateway serve` leaves it.
    static let dataFolder = [
        "data/listen.json": #"{"public":"http://127.0.0.1:1","private":"http://127.0.0.1:8081"}"#,
        "data/admin.key": "gw_ab_cd\n",
    ]

    /// A run beside a running gateway that answers so.
    static func online(_ answers: [(Int, JSONValue)], files: [String: String] = [:]) -> TestRun {
        TestRun(
            files: dataFolder.merging(files) { _, new in new },
            answers: answers.map { APIAnswer(status: $0.0, value: $0.1) })
    }
}
