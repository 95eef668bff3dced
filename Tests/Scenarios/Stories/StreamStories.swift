import Crypto
import JSON
import Testing

@testable import Gateway

/// A server with a stream, as Redis keeps it, and what can go wrong with it.
private final class ModelServer {
    private(set) var entries: [(id: StreamID, event: String)] = []
    var last: StreamID?
    /// Nobody is told of anything while it says why.
    var fault: StreamFault?
    var random = SeededRandom(seed: 1)
    /// Of a hundred appends so many are carried out and not answered, and as many not carried out.
    var lost = 0
    private var isConnected = false

    func connect() throws(StreamFault) -> StreamID? {
        if let fault { throw fault }
        isConnected = true
        return last
    }

    func append(_ events: [GatewayEvent]) throws(StreamFault) {
        if let fault { throw fault }
        guard isConnected else { throw .away("it restarted") }
        let luck = random.below(100)
        if luck < lost { throw .away("it broke before") }
        guard let first = events.first, last.map({ $0 < StreamID(first.position) }) ?? true else { throw .isAhead }
        for event in events { add(StreamID(event.position), event.position.id) }
        if luck < 2 * lost { throw .away("it broke behind") }
    }

    func add(_ id: StreamID, _ event: String) {
        entries.append((id, event))
        last = id
    }

    /// A server that comes back without its last entries, as one does that writes to the disk once a second.
    func forget(_ count: Int) {
        isConnected = false
        entries.removeLast(min(count, entries.count))
        last = entries.last?.id
    }

    func flush() { (entries, last) = ([], nil) }

    /// Consumers remove entries, or the stream is trimmed: its last id stays.
    func trim() { entries = [] }

    var ids: [String] { entries.map(\.event) }
}

private struct ModelStream: StreamSink {
    let server: ModelServer

    func lastID() throws(StreamFault) -> StreamID? { try server.connect() }

    func append(_ events: [GatewayEvent]) throws(StreamFault) { try server.append(events) }
}

/// A stream's course beside a virtual gateway.
private final class StreamWorld {
    let gateway: VirtualGateway
    let server = ModelServer()
    private let settings: RedisSettings
    private(set) var course: StreamCourse
    private var window: EventWindow
    private var wake: Timestamp?
    private var random = SeededRandom(seed: 3)
    private static let name = "redis s"

    init(types: [String] = [], from: RedisSettings.Beginning = .start) throws {
        var story = StoryConfiguration(
            "  first: { success: delivered, expires: 2h, fallback: [{ channel: sms, template: alert }] }")
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        gateway = try VirtualGateway(story)
        var settings = RedisSettings(url: "redis://x", stream: "s")
        (settings.types, settings.from) = (types, from)
        self.settings = settings
        course = StreamCourse(settings, cursor: nil)
        window = EventWindow(EventFeed(records: gateway.records, directory: gateway.directory))
    }

    /// The process dies; what was written last is what it begins from.
    func restart() throws {
        course = StreamCourse(settings, cursor: try gateway.records.consumer(Self.name, ofTenant: ""))
        window = EventWindow(EventFeed(records: gateway.records, directory: gateway.directory))
        wake = nil
    }

    func save() throws {
        guard let position = course.progress.position else { return }
        _ = try gateway.records.advance(consumer: Self.name, ofTenant: "", to: position)
    }

    func send(_ count: Int = 1) throws { for index in 0..<count { _ = try gateway.send(LaneStories.alert(index)) } }

    func run(for span: Duration) {
        let end = gateway.now + span
        while gateway.now < end {
            gateway.run(until: min(end, min(wake ?? end, gateway.now + .seconds(10))))
            work()
        }
    }

    func work() {
        window.feed = EventFeed(records: gateway.records, directory: gateway.directory)
        window.noteNews()
        course.noteNews()
        var stream = ModelStream(server: server)
        wake = course.pass(&stream, &window, now: gateway.now, jitter: random.unit())
        while wake.map({ $0 <= gateway.now }) ?? false {
            wake = course.pass(&stream, &window, now: gateway.now, jitter: random.unit())
        }
    }

    func all(_ types: [String] = []) throws -> [String] { try gateway.events(types).map(\.position.id) }
}

@Suite("Stories of events in a stream")
struct StreamStories {
    @Test("every event is in the stream once and in order, with an id made of its position")
    func plain() throws {
        let world = try StreamWorld()
        try world.send(3)
        world.run(for: .seconds(30))
        #expect(try world.server.ids == world.all() && world.server.ids.count == 15)
        let ids = world.server.entries.map(\.id)
        #expect(ids == ids.sorted() && Set(ids).count == 15)
        #expect(world.course.progress.word == "told" && world.course.progress.told == 15)
    }

    @Test("only wanted types are added, and what was passed by is not read again and again")
    func types() throws {
        let world = try StreamWorld(types: ["message.delivered"])
        try world.send(2)
        world.run(for: .seconds(30))
        #expect(try world.server.ids == world.all(["message.delivered"]) && world.server.ids.count == 2)
    }

    @Test("a server that is down for a day has every event once and in order after it returns")
    func day() throws {
        let world = try StreamWorld()
        try world.send()
        world.run(for: .seconds(30))
        world.server.fault = .away("down")
        for _ in 0..<24 {
            try world.send()
            world.run(for: .seconds(3_600))
        }
        #expect(world.course.progress.word == "away" && world.server.ids.count == 5)
        #expect(world.course.progress.reason == "down" && world.course.progress.awaySince != nil)
        world.server.fault = nil
        world.run(for: .seconds(70))
        #expect(try world.server.ids == world.all() && world.server.ids.count == 125)
        #expect(world.course.progress.word == "told" && world.course.progress.reason == nil)
    }

    @Test("while it is away it is looked for about once a minute; one that refuses, not more often either")
    func pauses() throws {
        for fault in [StreamFault.away("x"), .refused("NOAUTH"), .isAhead] {
            let world = try StreamWorld()
            try world.send()
            world.run(for: .seconds(30))
            world.server.fault = fault
            try world.send()
            world.run(for: .seconds(3_600))
            let word = world.course.progress.word
            #expect(word == (fault == .refused("NOAUTH") ? "refused" : "away"))
            #expect((60...140).contains(world.course.progress.failures), "\(fault): \(world.course.progress.failures)")
        }
    }

    @Test(
        "whatever breaks, answers, processes, a server's last second: nothing is missing, twice or out of order",
        arguments: 0..<40)
    func breaks(_ seed: UInt64) throws {
        let world = try StreamWorld()
        var random = SeededRandom(seed: seed)
        world.server.random = SeededRandom(seed: seed &+ 99)
        world.server.lost = 20
        for _ in 0..<40 {
            try world.send(Int(random.below(3)))
            world.run(for: .seconds(Int64(random.below(20))))
            switch random.below(8) {
            case 0: try world.restart()
            case 1: try world.save()
            case 2: world.server.forget(Int(random.below(4)))
            default: break
            }
            let ids = world.server.entries.map(\.id)
            #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        }
        world.server.lost = 0
        try world.send()
        world.run(for: .seconds(200))
        #expect(try world.server.ids == world.all())
    }

    @Test("what is trimmed is not added again")
    func trimmed() throws {
        let world = try StreamWorld()
        try world.send()
        world.run(for: .seconds(30))
        world.server.trim()
        try world.restart()
        try world.send()
        world.run(for: .seconds(30))
        #expect(try world.server.ids == Array(world.all()[5...]))
    }

    @Test("a stream that is gone goes on where it was; a new one begins now, or with everything, as the file says")
    func beginnings() throws {
        let world = try StreamWorld()
        try world.send()
        world.run(for: .seconds(30))
        try world.save()
        world.server.flush()
        try world.send()
        try world.restart()
        world.run(for: .seconds(30))
        #expect(try world.server.ids == Array(world.all()[5...]), "what was told before is not told again")
        let late = try StreamWorld(from: .now)
        late.gateway.run(until: late.gateway.now + .seconds(1))
        try late.send()
        late.gateway.run(until: late.gateway.now + .seconds(30))
        late.server.fault = .away("not yet there")
        late.work()
        try late.save()
        try late.restart()
        try late.send()
        late.run(for: .seconds(30))
        late.server.fault = nil
        late.run(for: .seconds(90))
        let ids = try late.all()
        #expect(ids.count == 10 && late.server.ids == Array(ids[5...]), "what happened since its first moment is there")
    }

    @Test("a stream to which others write is left alone, and a person is told which")
    func foreign() throws {
        let world = try StreamWorld()
        world.server.add(StreamID(high: 1_795_431_600_000, low: 0), "theirs")
        try world.send()
        world.run(for: .seconds(300))
        #expect(world.server.ids == ["theirs"])
        #expect(world.course.progress.word == "refused")
        #expect(world.course.progress.reason?.contains("1795431600000-0") == true)
        world.server.add(StreamID(high: .max, low: .max), "theirs")
        world.run(for: .seconds(300))
        #expect(world.course.progress.word == "refused")
    }

    @Test("ids read back as they were written, and nothing else is one")
    func ids() throws {
        for raw in [Int64(1), 1_023, 1_024, 5_000_003, .max] {
            let position = EventPosition(rawValue: raw)
            let id = StreamID(position)
            #expect(StreamID(id.text) == id && id.position == position)
        }
        for text in ["", "-", "7", "7-", "-7", "a-1", "1-2-3", "18446744073709551616-0"] {
            #expect(StreamID(text) == nil)
        }
        #expect(
            StreamID("18446744073709551615-18446744073709551615")?.position
                == EventPosition.end(ofRow: EventPosition.greatest.sequence))
    }
}
