import Dispatch
import EventLoop
import Foundation
import Gateway
import HTTP
import MemoryStore
import Synchronization
import TwilioProvider

@testable import Server

/// A provider on this machine and a thread that fetches its files into a folder of their own. What the thread has
/// committed goes straight into a store in memory.
final class MediaWorld: Sendable {
    let store = InMemoryStore()
    let folder: String
    let provider: RecordingServer
    let clock = SteppedClock()
    let settings = Mutex(MediaSettings())
    /// Commits that the store refuses before it takes one.
    let refusals = Mutex(0)
    let hasRoom = Mutex(true)
    /// How often somebody asked whether there is room.
    let looks = Mutex(0)
    private let lease: Lease
    private let client: HTTPClient
    private let publicClient: HTTPClient
    private let running = Mutex<MediaThread?>(nil)
    private let committed = DispatchSemaphore(value: 0)

    static let account = "AC" + String(repeating: "1", count: 32)

    init(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws {
        folder = NSTemporaryDirectory() + "gateway-media-" + UUID().uuidString.prefix(13)
        lease = try store.open(partition: 0)
        provider = try RecordingServer(answer)
        client = HTTPClient(group: provider.group)
        var limits = HTTPClientLimits()
        limits.publicAddressesOnly = true
        publicClient = HTTPClient(group: provider.group, limits: limits)
        try start()
    }

    deinit {
        stop()
        client.shutdown()
        publicClient.shutdown()
        provider.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func start(_ disk: any MediaDisk = SystemDisk()) throws {
        var settings = TwilioSettings(accountSid: Self.account, authToken: "secret", publicURL: "http://127.0.0.1:1")
        settings.baseURL = provider.url
        settings.acceptsPlainHTTP = true
        let twilio = try Twilio(settings)
        let thread = MediaThread(
            MediaThread.Parts(
                records: store, clock: clock,
                settings: { [weak self] in self?.settings.withLock { $0 } ?? MediaSettings() },
                provider: { $0 == "twilio" ? twilio : nil }, folder: try MediaFolder(folder, disk),
                client: MediaClient(client: client, publicClient: publicClient),
                hasRoom: { [weak self] in self?.look() ?? true },
                commit: { [weak self] change, done in done(self?.commit(change) ?? false) }))
        running.withLock { $0 = thread }
        thread.start()
    }

    func stop() {
        let thread = running.withLock { running in
            defer { running = nil }
            return running
        }
        thread?.stop()
    }

    private func look() -> Bool {
        looks.withLock { $0 += 1 }
        return hasRoom.withLock { $0 }
    }

    private func commit(_ change: MediaChange) -> Bool {
        defer { committed.signal() }
        let isRefused = refusals.withLock { refusals in
            refusals -= 1
            return refusals >= 0
        }
        return !isRefused && (try? carryOut(change)) != nil
    }

    /// What the engine does, as far as files go.
    private func carryOut(_ change: MediaChange) throws {
        switch change {
        case .ended(let id, let result):
            guard var media = try store.media(id), media.state != .removed else { return }
            media.take(result, at: clock.now)
            try put(media)
        case .removed(let id):
            guard var media = try store.media(id) else { return }
            media.remove()
            try put(media)
        case .gone(let id):
            var batch = Batch()
            batch.mediaRemoved = [id]
            try store.commit(batch, lease)
        case .retried, .filed: throw StoreError(.failed, "the thread makes no such change")
        }
    }

    func put(_ media: MediaRecord) throws {
        var batch = Batch()
        batch.media = [media]
        try store.commit(batch, lease)
    }

    /// A file that was announced with a message.
    func announce(_ url: String, _ raw: Int64 = 7, boat: String? = nil, text: String = "") throws -> RecordID {
        guard let id = RecordID(rawValue: raw), let inbound = RecordID(rawValue: raw + 1_000) else {
            throw StoreError(.failed, "no id")
        }
        var batch = Batch()
        var message = InboundRecord(
            id: inbound, created: clock.now, channel: "sms", from: "+41791112233", to: "+41791234567", providerID: "SM")
        message.body = Array("{\"text\":\"\(text)\"}".utf8)
        batch.inbound = [message]
        batch.media = [
            MediaRecord(
                id: id, inbound: inbound, InboundMedia(url: url, contentType: "image/jpeg"), provider: "twilio",
                contact: boat == nil ? nil : "ana", boat: boat, at: clock.now)
        ]
        try store.commit(batch, lease)
        running.withLock { $0 }?.committed()
        return id
    }

    /// The file once what is wanted of it is so.
    func wait(_ id: RecordID, until isSo: (MediaRecord) -> Bool = { $0.state != .waiting }) throws -> MediaRecord {
        while true {
            if let media = try store.media(id), isSo(media) { return media }
            guard committed.wait(timeout: .now() + 60) == .success else { throw StoreError(.failed, "nothing happens") }
        }
    }

    /// Somebody wants a file to be gone.
    func remove(_ id: RecordID) throws {
        try carryOut(.removed(id))
        running.withLock { $0 }?.committed()
    }

    /// Returns once the rows are gone.
    func waitUntilGone(_ ids: [RecordID]) throws {
        while try ids.contains(where: { try store.media($0) != nil }) {
            guard committed.wait(timeout: .now() + 60) == .success else { throw StoreError(.failed, "nothing happens") }
        }
    }

    /// A file of the provider from its announcement to its end.
    func fetch(_ target: String) throws -> MediaRecord { try wait(try announce(provider.url + target)) }

    /// Time passes also for what waits; the thread is told.
    func skip(_ seconds: Int64) {
        clock.skip(seconds)
        running.withLock { $0 }?.committed()
    }

    /// Time passes; the thread is told.
    func pass(_ seconds: Int64) {
        clock.pass(seconds)
        running.withLock { $0 }?.committed()
    }

    /// What lies in the folder, without the marks of what has just come.
    var files: [String] { all.filter { !$0.hasPrefix("tmp/new-") } }

    /// All that lies in the folder.
    var all: [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        return all.filter { $0.contains("/") }.sorted()
    }
}

/// A server that notes what it is asked for, and with which credentials.
final class RecordingServer: Sendable {
    let group: EventLoopGroup
    let url: String
    private let server: HTTPServer
    private let noted: Mutex<[String]>

    init(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws {
        group = try EventLoopGroup(count: 1)
        try group.start()
        let box = NoteBox()
        server = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { request, respond in
            box.note?(request)
            respond(answer(request))
        }
        noted = Mutex([])
        url = "http://127.0.0.1:\(try server.start())"
        box.note = { [weak self] request in
            let sign = request.headers[first: "Authorization"].map { " " + $0.prefix(5) } ?? ""
            self?.noted.withLock { $0.append(request.method + " " + request.target + sign) }
        }
    }

    func stop() {
        server.stop()
        group.stop()
    }

    /// Method, target and scheme of the credentials.
    var requests: [String] { noted.withLock { $0 } }

    private final class NoteBox: @unchecked Sendable {
        // Set before the first request.
        var note: (@Sendable (HTTPRequest) -> Void)?
    }
}

/// A wall clock that moves when it is told to; what waits, waits by the machine's.
final class SteppedClock: GatewayClock {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))
    private let skipped = Atomic<UInt64>(0)
    var now: Timestamp { time.withLock { $0 } }
    var monotonic: UInt64 { SystemClock().monotonic + skipped.load(ordering: .relaxed) }
    func pass(_ seconds: Int64) { time.withLock { $0 = $0 + .seconds(seconds) } }

    /// Time passes for what waits as well.
    func skip(_ seconds: Int64) {
        pass(seconds)
        skipped.add(UInt64(seconds) * 1_000_000_000, ordering: .relaxed)
    }
}

extension HTTPResponse {
    /// A file of a type.
    static func file(_ type: String, _ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(status: 200, headers: HTTPHeaders([("Content-Type", type)]), body: body)
    }

    static func redirect(_ status: Int = 307, to location: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: HTTPHeaders([("Location", location)]))
    }
}
