import Gateway
import HTTP

/// One file on its way: from answer to answer, through the checks, to the disk. It belongs to the thread of downloads;
/// only its intake is told from elsewhere.
final class MediaDownload {
    /// What a look at it came to.
    enum Progress {
        /// There may be more at once.
        case more
        /// It waits for the other side.
        case waits
        /// It is over.
        case ended(MediaResult)
    }

    /// What all downloads of a thread share.
    struct Surroundings: Sendable {
        var client: MediaClient
        var folder: MediaFolder
        var settings: MediaSettings
        /// The provider's fields that sign in.
        var headers: [ProviderField]
        /// The time, by which dates of `Retry-After` are read.
        var now: @Sendable () -> Timestamp
        /// Told on a loop that there is something to look at.
        var arrived: @Sendable () -> Void
    }

    let record: MediaRecord
    private let surroundings: Surroundings
    private var route: MediaRoute
    private var call: HTTPClientCall?
    private var intake: HTTPBodyIntake?
    private var file: MediaFile?
    private var type = ""
    /// The beginning, until it was looked at.
    private var start: [UInt8]? = []

    init(_ record: MediaRecord, origin: HTTPURL.Origin?, _ surroundings: Surroundings) {
        self.record = record
        self.surroundings = surroundings
        route = MediaRoute(origin: origin)
    }

    /// Begins with the first request.
    func begin() -> Progress { follow(route.begin(record.url)) }

    /// Takes one part of what has come.
    func look() -> Progress {
        guard let intake else { return .waits }
        switch intake.take() {
        case .nothing: return .waits
        case .head(let head): return take(head)
        case .bytes(let bytes): return written { () throws(MediaDiskError) in try take(bytes) }
        case .failed(let error): return stop(MediaReason(error))
        case .end: return finish()
        }
    }

    /// Nobody wants it any more.
    func cancel() {
        call?.cancel()
        (call, intake) = (nil, nil)
        file?.discard()
        file = nil
    }

    private func follow(_ step: MediaRoute.Step) -> Progress {
        call?.cancel()
        switch step {
        case .stop(let reason): return stop(reason)
        case .fetch(let hop):
            let intake = HTTPBodyIntake(
                bodyBytes: Int(clamping: surroundings.settings.maxSize), arrived: surroundings.arrived)
            self.intake = intake
            call = surroundings.client.fetch(
                hop, headers: surroundings.headers, timeout: Self.timeout(surroundings.settings.maxSize), into: intake)
            return .waits
        }
    }

    /// Half a minute, and what the largest file takes at 256 KiB a second.
    private static func timeout(_ size: Int64) -> Duration { .seconds(30 + size / 262_144) }

    private func take(_ head: HTTPResponse) -> Progress {
        if let reason = MediaReason(status: head.status) {
            return stop(
                reason, after: [429, 503].contains(head.status) ? RetryAfter.pause(head, at: surroundings.now()) : nil)
        }
        guard head.status == 200 else { return follow(route.redirected(to: head.headers[first: "Location"])) }
        // Nobody was asked for a coding, and what it hides was not looked at.
        let coding = head.headers[first: "Content-Encoding"]?.lowercased() ?? "identity"
        guard coding == "identity" else { return stop(.httpError) }
        guard let type = MediaTypes.type(of: head.headers[first: "Content-Type"]), surroundings.settings.takes(type)
        else { return stop(.typeNotAllowed) }
        self.type = type
        return written { () throws(MediaDiskError) in
            file = try surroundings.folder.begin(record.id.digits)
            return .more
        }
    }

    private func take(_ bytes: [UInt8]) throws(MediaDiskError) -> Progress {
        guard var start else {
            try file?.write(bytes)
            return .more
        }
        start += bytes
        self.start = start
        guard start.count >= MediaTypes.startLength else { return .more }
        return try writeStart() ? .more : stop(.typeNotAllowed)
    }

    /// `false` where the file begins like something that is never taken.
    private func writeStart() throws(MediaDiskError) -> Bool {
        guard let start else { return true }
        self.start = nil
        guard !MediaTypes.isActive(start: start) else { return false }
        try file?.write(start)
        return true
    }

    private func finish() -> Progress {
        written { () throws(MediaDiskError) in
            guard try writeStart() else { return stop(.typeNotAllowed) }
            guard let file else { return stop(.interrupted) }
            let kept = try surroundings.folder.keep(file)
            self.file = nil
            return .ended(.stored(MediaContent(type: type, size: kept.size, hash: kept.hash)))
        }
    }

    private func written(_ body: () throws(MediaDiskError) -> Progress) -> Progress {
        do throws(MediaDiskError) {
            return try body()
        } catch {
            return stop(error.isFull ? .diskFull : .diskError)
        }
    }

    private func stop(_ reason: MediaReason, after: Duration? = nil) -> Progress {
        cancel()
        return .ended(.missing(reason, after: after))
    }
}
