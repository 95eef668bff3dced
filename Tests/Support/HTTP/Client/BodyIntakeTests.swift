import Dispatch
import EventLoop
import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite("bodies that are taken while they arrive", .serialized)
struct BodyIntakeTests {
    /// Everything that an exchange brings, taken on the caller's thread.
    private func receive(
        _ url: HTTPURL, limit: Int, with running: RunningClient, method: String = "GET",
        each: (HTTPBodyIntake.Part) -> Void = { _ in }
    ) -> (status: Int?, body: [UInt8], error: HTTPClientError.Code?) {
        let arrived = DispatchSemaphore(value: 0)
        let intake = HTTPBodyIntake(bodyBytes: limit) { arrived.signal() }
        let call = running.client.receive(HTTPClientRequest(method: method, url: url), into: intake)
        defer { call.cancel() }
        var (status, body) = (Int?.none, [UInt8]())
        while true {
            let part = intake.take()
            each(part)
            switch part {
            case .head(let head): status = head.status
            case .bytes(let bytes): body += bytes
            case .nothing: arrived.wait()
            case .end: return (status, body, nil)
            case .failed(let error): return (status, body, error.code)
            }
        }
    }

    private func url(_ port: Int, _ target: String = "/") throws -> HTTPURL {
        try #require(HTTPURL(isTLS: false, host: "127.0.0.1", port: port, target: target))
    }

    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n0123456789",
    ]

    @Test("come whole, by length, in chunks and up to the end of the connection", arguments: answers)
    func framings(_ answer: String) throws {
        let server = try CannedServer(answer)
        let got = receive(try url(server.port), limit: 10, with: try RunningClient())
        #expect(got.status == 200)
        #expect(got.body == Array("0123456789".utf8))
        #expect(got.error == nil)
    }

    @Test("of one byte too many fail, with the header told before", arguments: answers)
    func tooLarge(_ answer: String) throws {
        let server = try CannedServer(answer)
        let got = receive(try url(server.port), limit: 9, with: try RunningClient())
        #expect(got.status == 200)
        #expect(got.error == .tooLarge)
        #expect(got.body.count <= 9)
    }

    @Test("whose length is too large fail before a byte of them is there")
    func toldLength() throws {
        let server = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", keepsOpen: true)
        let got = receive(try url(server.port), limit: 999_999, with: try RunningClient())
        #expect(got.status == 200 && got.error == .tooLarge && got.body.isEmpty)
    }

    @Test("that break off fail after what came")
    func broken() throws {
        let server = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
        let got = receive(try url(server.port), limit: 10, with: try RunningClient())
        #expect(got.body == Array("01234".utf8))
        #expect(got.error == .connectionClosed)
    }

    @Test("of answers that have none end at once")
    func empty() throws {
        let server = try CannedServer(
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n")
        let running = try RunningClient()
        #expect(receive(try url(server.port), limit: 0, with: running).status == 204)
        let got = receive(try url(server.port), limit: 0, with: running)
        #expect(got.status == 307 && got.error == nil)
    }

    @Test("that are given up fail as cancelled, once")
    func cancelled() throws {
        // It stays open until a second connection was answered.
        let server = try CannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", "", keepsOpen: true)
        let running = try RunningClient()
        let arrived = DispatchSemaphore(value: 0)
        let intake = HTTPBodyIntake(bodyBytes: 10) { arrived.signal() }
        let call = running.client.receive(HTTPClientRequest(method: "GET", url: try url(server.port)), into: intake)
        var failures = 0
        while failures == 0 {
            switch intake.take() {
            case .bytes: call.cancel()
            case .nothing: arrived.wait()
            case .failed(let error):
                #expect(error.code == .cancelled)
                failures += 1
            case .head, .end: break
            }
        }
        if case .failed = intake.take() { return }
        Issue.record("a failure stays")
    }

    @Test("hold the connection back while too much of them waits, until it was taken")
    func holdsBack() {
        let intake = HTTPBodyIntake(bodyBytes: 100, limit: 8) {}
        let resumed = Counter()
        intake.begin(HTTPResponse(status: 200))
        intake.add([1, 2, 3, 4])
        #expect(!intake.holdsBack { resumed.add(1) })
        intake.add([5, 6, 7, 8])
        #expect(intake.holdsBack { resumed.add(1) })
        guard case .head = intake.take(), case .bytes(let first) = intake.take() else {
            Issue.record("the head comes first")
            return
        }
        #expect(first == [1, 2, 3, 4] && resumed.value == 0)
        guard case .bytes(let second) = intake.take() else { return }
        #expect(second == [5, 6, 7, 8] && resumed.value == 1)
        if case .nothing = intake.take() {} else { Issue.record("there is nothing more") }
        #expect(resumed.value == 1)
    }

    @Test("of 100 MB pass through little memory, also where they are taken slower than they come")
    func memory() throws {
        let size = 100_000_000
        let server = try RunningServer { _, respond in
            var response = HTTPResponse(status: 200)
            response.stream = Source.stream(size)
            respond(response)
        }
        let running = try RunningClient()
        // Once before, so that what a first exchange needs is there.
        _ = count(try server.url(), running, size)
        let before = Self.residentBytes()
        var most = before
        let taken = count(try server.url(), running, size) { most = max(most, Self.residentBytes()) }
        #expect(taken == size)
        // A sanitizer keeps what was freed, to find who uses it.
        let marks: [String] = ["__asan_report_load8", "__tsan_func_entry"]
        let isSanitized = marks.contains { dlsym(nil, $0) != nil }
        if !isSanitized { #expect(most - before < 8_000_000, "grew by \(most - before) bytes") }
    }

    /// Takes a body; nothing is kept of it.
    private func count(_ url: HTTPURL, _ running: RunningClient, _ size: Int, _ each: () -> Void = {}) -> Int {
        let intake = HTTPBodyIntake(bodyBytes: size) {}
        let call = running.client.receive(HTTPClientRequest(method: "GET", url: url), into: intake)
        defer { call.cancel() }
        var taken = 0
        while true {
            // What may wait, and one read more.
            #expect(intake.waiting <= 256 * 1_024 + 64 * 1_024)
            switch intake.take() {
            case .bytes(let bytes):
                taken += bytes.count
                each()
            case .end: return taken
            case .failed: return -1
            case .head: break
            // Only when the connection reads no further: it is always ahead of whoever takes.
            case .nothing: while !intake.isFull { sched_yield() }
            }
        }
    }

    /// What of the process is in memory.
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 200)
        let count = fread(&text, 1, text.count, file)
        let words = String(decoding: text[..<count], as: UTF8.self).split(separator: " ")
        let pages = words.count > 1 ? Int(words[1]) ?? 0 : 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// A number that several threads add to.
private final class Counter: Sendable {
    private let number = Mutex(0)
    func add(_ count: Int) { number.withLock { $0 += count } }
    var value: Int { number.withLock { $0 } }
}

/// A body that is made as it is taken.
private final class Source: @unchecked Sendable {
    private var left: Int
    private weak var stream: HTTPBodyStream?
    private static let block = [UInt8](repeating: 7, count: 65_536)

    private init(_ size: Int) { left = size }

    static func stream(_ size: Int) -> HTTPBodyStream {
        let source = Source(size)
        let stream = HTTPBodyStream(length: size) { source.fill() }
        source.stream = stream
        source.fill()
        return stream
    }

    private func fill() {
        guard let stream, stream.isOpen else { return }
        let count = min(left, Self.block.count)
        left -= count
        if count > 0 { stream.write(count == Self.block.count ? Self.block : Array(Self.block[..<count])) }
        if left == 0 { stream.finish() }
    }
}

@Suite("bodies that are sent as they come, of a known length")
struct StreamLengthTests {
    private func answer(_ length: Int, _ bytes: Int, _ request: String) async throws -> String {
        let server = try RunningServer { _, respond in
            let stream = HTTPBodyStream(length: length)
            var response = HTTPResponse(status: 200)
            response.stream = stream
            respond(response)
            stream.write([UInt8](repeating: 0x61, count: bytes))
            stream.finish()
        }
        return try await server.exchange(request)
    }

    @Test("say it, and leave the connection open")
    func length() async throws {
        let text = try await answer(
            3, 3, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(text.components("Content-Length: 3\r\n\r\naaa") == 1)
        #expect(text.components("HTTP/1.1 200 OK") == 2)
        #expect(!text.contains("chunked"))
    }

    @Test("are left out for HEAD, with their length")
    func head() async throws {
        let text = try await answer(3, 3, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(text.hasSuffix("Content-Length: 3\r\n\r\n"))
    }

    @Test("that stay shorter end the connection, so that the peer sees it", arguments: [0, 2, 4])
    func shorter(_ bytes: Int) async throws {
        let text = try await answer(3, bytes, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(text.components("HTTP/1.1 200 OK") <= 1)
        #expect(!text.contains("aaa"))
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(_ part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
