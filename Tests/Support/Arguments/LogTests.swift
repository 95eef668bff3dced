import PhoneNumbers
import Synchronization
import Testing

@testable import Telemetry

final class MemorySink: LogSink {
    private let bytes = Mutex<[UInt8]>([])

    func write(_ lines: [UInt8]) { bytes.withLock { $0 += lines } }

    var lines: [String] {
        String(decoding: bytes.withLock { $0 }, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

struct TestID: LogIdentifiable {
    var logIdentifier: String
}

@Suite("The log")
struct LogTests {
    private let sink = MemorySink()

    private func log(_ format: LogFormat, capacity: Int = 100, level: LogLevel = .info) -> Log {
        Log(minimumLevel: level, format: format, capacity: capacity, clock: { 1_795_458_660_250 }, sink: sink)
    }

    @Test("a JSON line has the fixed keys first and its fields in order")
    func json() throws {
        let log = log(.json)
        let number = try E164(parsing: "+447911123442")
        log.write(
            .info, "delivery_closed",
            [
                .message(TestID(logIdentifier: "msg_01")), .attempt(2), .channel("sms"),
                .code(LogCode(checking: "x\"")),
                .ms(.microseconds(1250)), .number("to", number),
                LogField("note", .static("say \"hi\"\n")), LogField("ratio", .double(.nan)),
                LogField("ok", .bool(true)),
            ])
        log.flush()
        #expect(
            sink.lines == [
                #"{"ts":"2026-11-23T18:31:00.250Z","level":"info","event":"delivery_closed","message":"msg_01","#
                    + #""attempt":2,"channel":"sms","code":"invalid","ms":1.250,"to":"+4479…42","#
                    + #""note":"say \"hi\"\n","ratio":null,"ok":true}"#
            ])
    }

    @Test("a logfmt line quotes only what needs it")
    func logfmt() {
        let log = log(.logfmt)
        log.write(
            .warn, "slow",
            [
                LogField("a", .static("two words")), LogField("b", .static("plain")), LogField("c", .static("")),
                LogField("d", .endpoint(a: 127, b: 0, c: 0, d: 1, port: 8080)), LogField("e", .instant(0)),
                .ms(.milliseconds(-5)),
            ])
        log.flush()
        #expect(
            sink.lines == [
                #"ts=2026-11-23T18:31:00.250Z level=warn event=slow a="two words" b=plain c="" d=127.0.0.1:8080 "#
                    + "e=1970-01-01T00:00:00.000Z ms=-5"
            ])
    }

    @Test("a line below the level is not written, and its fields are not made")
    func levels() {
        let log = log(.logfmt)
        var made = 0
        func fields() -> [LogField] {
            made += 1
            return []
        }
        log.write(.debug, "quiet", fields())
        #expect(made == 0)
        log.setMinimumLevel(.debug)
        log.write(.debug, "loud", fields())
        log.flush()
        #expect(made == 1)
        #expect(sink.lines.count == 1)
    }

    @Test(
        "a code that could be a number or a sentence is not shown",
        arguments: [
            "+447911123442", "a4479111", "two words", "", "1st", "é", String(repeating: "a", count: 65), "a\nb",
        ])
    func codes(_ text: String) {
        #expect(LogCode(checking: text).text == "invalid")
    }

    @Test("ordinary names pass as codes", arguments: ["sms", "sms_backup-2", "config.unknown_key", "e21610"])
    func names(_ text: String) {
        #expect(LogCode(checking: text).text == text)
    }

    @Test("an identifier that is not one is not shown")
    func identifiers() {
        let log = log(.logfmt)
        log.write(
            .info, "e", [.message(TestID(logIdentifier: "call me\nlater")), .delivery(TestID(logIdentifier: ""))])
        log.flush()
        #expect(sink.lines.count == 1)
        #expect(sink.lines[0].hasSuffix("message=invalid delivery=invalid"))
    }

    /// Holds up the writer until it is let go, so that the ring fills.
    final class BlockedSink: LogSink {
        let memory = MemorySink()
        let gate = Mutex(())

        func write(_ lines: [UInt8]) { gate.withLock { _ in memory.write(lines) } }
    }

    @Test("a full ring drops info, keeps errors, and says how many are missing")
    func full() {
        let blocked = BlockedSink()
        let log = Log(format: .logfmt, capacity: 10, clock: { 0 }, sink: blocked)
        // While the gate is shut at most one batch has left the ring, so at least 30 of 50 lines find it full.
        blocked.gate.withLock { _ in
            for _ in 0..<50 { log.write(.info, "filler") }
            for _ in 0..<5 { log.write(.error, "important") }
        }
        log.flush()
        let lines = blocked.memory.lines
        #expect(lines.filter { $0.contains("important") }.count == 5)
        let fillers = lines.filter { $0.contains("filler") }.count
        #expect((10...20).contains(fillers))
        #expect(log.droppedLines == 50 - fillers)
        // The writer may have taken a first batch half-way, so the count may come in two parts.
        let reported = lines.compactMap {
            $0.split(separator: "event=log_dropped lines=").dropFirst().first.flatMap { Int($0) }
        }
        #expect(reported.reduce(0, +) == 50 - fillers)
    }
}
