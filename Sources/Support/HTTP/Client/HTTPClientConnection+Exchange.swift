import EventLoop

/// One request and its answer.
extension HTTPClientConnection {
    /// Sends a call's request on a connection that is open.
    func begin(_ call: HTTPClientCall) {
        self.call = call
        call.connection = self
        phase = .exchange
        var limits = pool.limits
        if let intake = call.intake { limits.bodyBytes = intake.bodyBytes }
        parser = HTTPResponseParser(
            limits: limits, isHead: call.request.method == "HEAD", keepsHead: call.intake != nil)
        holdsBack = false
        pending = []
        out = call.encoded
        outStart = 0
        hasWritten = false
        writeFailure = nil
        write()
        settle()
    }

    /// Goes on with the exchange.
    func exchangeReady(_ events: DescriptorEvents) {
        if events.contains(.write), writeIsBlocked {
            writeIsBlocked = false
            write()
        }
        guard !holdsBack else { return }
        if !events.isDisjoint(with: [.read, .failed, .hungUp]) || readWantsWrite { read() }
    }

    /// Whoever takes the body has room again.
    private func goOn() {
        guard holdsBack, phase == .exchange else { return }
        holdsBack = false
        // TLS may hold bytes that epoll will not tell of.
        read()
        settle()
    }

    /// Hands on what came of a body that is taken while it arrives.
    private func hand(_ intake: HTTPBodyIntake) {
        if let head = parser.receivedHead { intake.begin(head) }
        intake.add(parser.takePart())
    }

    /// Whether nothing is to be read until what waits was taken.
    private func mustHoldBack() -> Bool {
        guard let intake = call?.intake else { return false }
        let connection = LoopReference(self)
        holdsBack = intake.holdsBack { [loop = pool.loop] in
            loop.execute { connection.value?.goOn() }
        }
        return holdsBack
    }

    private func write() {
        guard let stream else { return }
        while outStart < out.count {
            // A record may leave in part before TLS reports it.
            if stream.tls != nil { hasWritten = true }
            let outcome = out.withUnsafeBytes { stream.write(UnsafeRawBufferPointer(rebasing: $0[outStart...])) }
            switch outcome {
            case .bytes(let count):
                outStart += count
                hasWritten = true
            case .wantsRead, .wantsWrite:
                writeIsBlocked = true
                return
            case .ended, .failed:
                // The answer may lie in the socket: a peer that refuses a body answers and closes.
                writeFailure = "the connection broke while the request was sent"
                return
            }
        }
    }

    // Reads until there is nothing more. The exchange ends as the last step, so that the caller may start another one.
    private func read() {
        guard let stream else { return }
        repeat {
            readWantsWrite = false
            switch stream.read(into: pool.scratch.bytes) {
            case .bytes(let count):
                let action = parse(pool.scratch.filled(count))
                if let intake = call?.intake { hand(intake) }
                switch action {
                case .needMore: if mustHoldBack() { return }
                case .response(let response, let keepAlive): return succeed(response, keepAlive: keepAlive)
                case .failure(let failure):
                    let isTooLarge = failure.status == 413 || failure.status == 431
                    return fail(isTooLarge ? .tooLarge : .badResponse, failure.reason)
                }
            case .wantsRead:
                if let writeFailure { fail(.writeFailed, writeFailure) }
                return
            case .wantsWrite:
                readWantsWrite = true
                return
            case .ended:
                return ended()
            case .failed(let reason):
                if let writeFailure { return fail(.writeFailed, writeFailure) }
                return fail(.connectionClosed, reason)
            }
        } while stream.tls != nil
    }

    // What the parser says; an answer keeps the connection only when nothing is left on it.
    private func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> HTTPResponseParser.Action {
        let count: Int
        let result: (taken: Int, action: HTTPResponseParser.Action)
        if pending.isEmpty {
            count = bytes.count
            result = parser.parse(bytes)
            if case .needMore = result.action { pending.append(contentsOf: bytes[result.taken...]) }
        } else {
            pending.append(contentsOf: bytes)
            count = pending.count
            result = pending.withUnsafeBufferPointer { parser.parse($0) }
            pending.removeFirst(result.taken)
        }
        guard case .response(let response, let keepAlive) = result.action else { return result.action }
        let isClean = keepAlive && result.taken == count && outStart == out.count && writeFailure == nil
        return .response(response, keepAlive: isClean)
    }

    private func ended() {
        if let response = parser.close() { return succeed(response, keepAlive: false) }
        if let writeFailure { return fail(.writeFailed, writeFailure) }
        fail(.connectionClosed, "the peer closed before the answer was complete")
    }

    private func succeed(_ response: HTTPResponse, keepAlive: Bool) {
        let finished = call
        call = nil
        pending = []
        out = []
        outStart = 0
        if keepAlive {
            phase = .idle
            finished?.connection = nil
            pool.released(self)
        } else {
            close()
        }
        finished?.finish(.success(response))
    }
}
