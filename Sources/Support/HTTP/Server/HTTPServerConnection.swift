import EventLoop
import TLS

/// One connection of a server. Lives on its worker's loop; only that thread touches it.
final class HTTPServerConnection: DescriptorHandler, @unchecked Sendable {
    /// What the connection is doing.
    enum Phase {
        /// The TLS handshake is under way.
        case handshake
        /// Waiting for a request or reading one.
        case reading
        /// A request is with the handler.
        case handling
        /// The body of an answer is sent as it comes.
        case streaming
        /// The last answer is being sent.
        case closing
        /// The last answer is sent and this side ended; the peer's rest is thrown away, so that no reset destroys it.
        case lingering
        case closed
    }

    /// What a deadline is for, and of which request.
    struct Clock: Equatable {
        enum Kind { case first, idle, header, body, write, linger, none }
        var kind: Kind
        var request: UInt64
    }

    static let lingerTime = Duration.seconds(2)
    /// Bytes of answers that wait before the next pipelined request is looked at.
    static let outLimit = 256 * 1024

    let worker: HTTPServerWorker
    let stream: SocketStream
    var descriptor: Int32 { stream.descriptor }
    var phase = Phase.reading
    var parser: HTTPRequestParser
    /// Bytes that were received and not parsed.
    var pending: [UInt8] = []
    /// Bytes to send, from `outStart` on.
    var out: [UInt8] = []
    var outStart = 0
    var requestNumber: UInt64 = 0
    var context = HTTPEncoder.AnswerContext()
    /// What is streamed.
    var body: HTTPBodyStream?
    var isProcessing = false
    var peerEnded = false
    /// Too much waits behind the request that is handled.
    var isPaused = false
    /// Requests wait because too many answers do.
    var isHeld = false
    var readWantsWrite = false
    var writeIsBlocked = false
    private var clock = Clock(kind: .none, request: 0)
    private var deadline = UInt64.max
    private var watched: DescriptorEvents = .read
    private lazy var remoteAddress = SocketAddress(of: descriptor, isPeer: true)?.host ?? ""

    init(worker: HTTPServerWorker, descriptor: Int32) {
        self.worker = worker
        stream = SocketStream(descriptor: descriptor)
        parser = HTTPRequestParser(limits: worker.shared.limits)
    }

    /// Starts; a refused connection is answered with 503 and ended.
    func begin(isRefused: Bool) {
        do {
            if let tls = worker.shared.tls {
                guard !isRefused else { return close() }
                stream.tls = try tls.session(descriptor: descriptor)
                phase = .handshake
            }
            try worker.loop.watch(descriptor, .read, self)
        } catch {
            return close()
        }
        if isRefused {
            refuse(503)
            flush()
        }
        settle()
    }

    func descriptorReady(_ events: DescriptorEvents) {
        switch phase {
        case .closed:
            return
        case .handshake:
            handshake()
        case .lingering:
            discard()
        case .reading, .handling, .streaming, .closing:
            // Nothing more can be sent or received; epoll would report it again and again.
            if !events.isDisjoint(with: [.failed, .hungUp]), phase != .reading { return close() }
            if events.contains(.write) {
                writeIsBlocked = false
                flush()
                pull()
                guard phase != .closed else { return }
            }
            if !events.isDisjoint(with: [.read, .failed, .hungUp]) || readWantsWrite || mayReadOn { read() }
        }
        settle()
    }

    /// The server ends: at once when nothing is under way, else after the answer.
    func drain() {
        switch phase {
        case .reading where parser.isIdle && pending.isEmpty && outStart == out.count, .handshake: close()
        default: break
        }
    }

    /// Hands a request to the handler.
    func dispatch(_ request: consuming HTTPRequest, _ keep: HTTPRequestParser.Keep) {
        requestNumber += 1
        phase = .handling
        context.isHead = request.method == "HEAD"
        context.closes = keep == .close
        context.tellsKeepAlive = keep == .asked
        context.isChunked = keep == .byDefault
        request.remoteAddress = remoteAddress
        request.isTLS = stream.tls != nil
        let number = requestNumber
        worker.shared.handler(
            request,
            HTTPResponder { [self] response in
                if worker.loop.isOnLoop {
                    answer(response, to: number)
                } else {
                    worker.loop.execute { [self] in answer(response, to: number) }
                }
            })
    }

    /// Closes at once.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        leaveStream()
        worker.loop.unwatch(descriptor)
        // Before the worker hears of it: whoever waits for the end of draining must find the connection closed.
        stream.close()
        worker.remove(self)
        pending = []
        out = []
        outStart = 0
    }

    /// Closes or answers 408 when the time is over.
    func checkDeadline(_ now: UInt64) {
        guard now >= deadline else { return }
        switch clock.kind {
        case .header where phase == .reading, .body where phase == .reading:
            refuse(408)
            flush()
            settle()
        default:
            close()
        }
    }

    /// Sets what epoll watches and the deadline to what the connection is doing now.
    func settle() {
        guard phase != .closed else { return }
        var wanted: DescriptorEvents = []
        let reads = phase != .closing && !peerEnded && !isPaused && (!writeIsBlocked || phase == .handling)
        if reads { wanted.insert(.read) }
        if writeIsBlocked || readWantsWrite { wanted.insert(.write) }
        if wanted != watched {
            watched = wanted
            worker.loop.change(descriptor, wanted)
        }
        let now = Clock(kind: currentKind, request: requestNumber)
        if now != clock {
            clock = now
            restartClock()
        }
    }

    // TLS has bytes that epoll will not tell of.
    private var mayReadOn: Bool { phase == .reading && !writeIsBlocked && stream.hasPending }

    /// Starts the running clock anew; for progress in writing.
    func restartClock() {
        guard let time = timeout else { return deadline = .max }
        let sum = worker.loop.now.addingReportingOverflow(time.wholeNanoseconds)
        deadline = sum.overflow ? .max : sum.partialValue
    }

    private var currentKind: Clock.Kind {
        if phase == .lingering { return .linger }
        if outStart < out.count { return .write }
        switch phase {
        case .handshake: return .first
        case .reading:
            if parser.isInBody { return .body }
            if !parser.isIdle || !pending.isEmpty { return .header }
            return requestNumber == 0 ? .first : .idle
        default: return .none
        }
    }

    private var timeout: Duration? {
        let limits = worker.shared.limits
        return switch clock.kind {
        case .first, .header: limits.headerTimeout
        case .idle: limits.idleTimeout
        case .body: limits.bodyTimeout
        case .write: limits.writeTimeout
        case .linger: Self.lingerTime
        case .none: nil
        }
    }
}
