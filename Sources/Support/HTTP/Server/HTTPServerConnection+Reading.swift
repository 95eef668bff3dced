import EventLoop
import TLS

/// From the socket to the handler.
extension HTTPServerConnection {
    /// Goes on with the TLS handshake.
    func handshake() {
        guard let tls = stream.tls else { return }
        readWantsWrite = false
        switch tls.handshake() {
        case .done:
            phase = .reading
            read()
        case .wantsRead: break
        case .wantsWrite: readWantsWrite = true
        case .failed: close()
        }
    }

    /// Reads and parses what is there, then sends what was answered meanwhile. A plain socket is read once a turn, so
    /// that no peer starves the others; TLS is read until nothing is left inside, which epoll would not tell of.
    func read() {
        worker.isReading = true
        repeat {
            readWantsWrite = false
            switch stream.read(into: worker.scratch.bytes) {
            case .bytes(let count): receive(worker.scratch.filled(count))
            case .wantsRead: return finishRead()
            case .wantsWrite:
                readWantsWrite = true
                return finishRead()
            case .ended:
                peerEnded = true
                if phase == .reading { endAfterFlush() }
                return finishRead()
            case .failed:
                worker.isReading = false
                return close()
            }
        } while stream.tls != nil && (phase == .reading || phase == .handling) && !isPaused && !isHeld
        finishRead()
    }

    private func finishRead() {
        worker.isReading = false
        flush()
    }

    private func receive(_ bytes: UnsafeBufferPointer<UInt8>) {
        switch phase {
        case .reading:
            if pending.isEmpty {
                let taken = process(bytes)
                if phase != .closed, phase != .closing, taken < bytes.count {
                    pending.append(contentsOf: bytes[taken...])
                }
            } else {
                pending.append(contentsOf: bytes)
                processPending()
            }
        case .handling, .streaming:
            pending.append(contentsOf: bytes)
        default:
            return
        }
        let isBusy = phase == .handling || phase == .streaming
        isPaused = isBusy && pending.count >= worker.shared.limits.maxPipelinedBytes
    }

    /// Parses what waited while a request was handled.
    func processPending() {
        let bytes = pending
        pending = []
        let taken = bytes.withUnsafeBufferPointer { process($0) }
        guard phase != .closed, phase != .closing, taken < bytes.count else { return }
        pending = Array(bytes[taken...])
    }

    // Returns how many bytes were taken. A handler that answers at once puts the phase back to reading.
    private func process(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        isProcessing = true
        defer { isProcessing = false }
        var position = 0
        while phase == .reading, position < bytes.count {
            // A peer that asks without reading the answers waits.
            isHeld = out.count - outStart > Self.outLimit
            if isHeld { return position }
            let (taken, action) = parser.parse(UnsafeBufferPointer(rebasing: bytes[position...]))
            position += taken
            switch action {
            case .needMore: return position
            case .sendContinue: out.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
            case .request(let request, let keep): dispatch(request, keep)
            case .failure(let failure): refuse(failure.status)
            }
        }
        return position
    }

    /// Throws away what the peer still sends after the last answer.
    func discard() {
        switch stream.readPlain(into: worker.scratch.bytes) {
        case .bytes, .wantsRead, .wantsWrite: return
        case .ended, .failed: close()
        }
    }
}
