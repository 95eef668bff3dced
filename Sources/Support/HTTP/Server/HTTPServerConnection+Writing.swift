import EventLoop

/// From the handler to the socket.
extension HTTPServerConnection {
    /// Takes the answer to a request; a late or second one is ignored.
    func answer(_ response: HTTPResponse, to number: UInt64) {
        guard phase == .handling, number == requestNumber else {
            response.stream?.detach()
            return
        }
        if response.disposition == .cut {
            flush()
            return close()
        }
        if response.disposition == .closeAfter || worker.isDraining
            || response.headers.hasToken("close", in: "Connection")
        {
            context.closes = true
        }
        // A peer that does not keep the connection may be of HTTP/1.0, which knows no chunks.
        if let stream = response.stream {
            if stream.length != nil {
                context.isChunked = false
            } else if !context.isChunked {
                context.closes = true
            }
        }
        context.date = worker.date()
        HTTPEncoder.append(response, context, to: &out)
        if let body = response.stream { stream(body) } else { phase = context.closes ? .closing : .reading }
        guard !isProcessing else { return }
        flush()
        // Another connection may be in the middle of the scratch buffer.
        if worker.isReading {
            worker.loop.execute { [self] in resume() }
        } else {
            resume()
        }
    }

    /// Answers an error of the protocol and ends the connection.
    func refuse(_ status: Int) {
        phase = .closing
        pending = []
        context = HTTPEncoder.AnswerContext(closes: true, date: worker.date())
        HTTPEncoder.append(HTTPResponse(status: status), context, to: &out)
    }

    // Goes on with what came while the request was handled.
    func resume() {
        guard phase == .reading else { return settle() }
        isPaused = false
        if !pending.isEmpty {
            worker.isReading = true
            processPending()
            worker.isReading = false
        }
        if phase == .reading, peerEnded, !isHeld { endAfterFlush() }
        if phase == .reading, stream.hasPending { read() }
        flush()
        settle()
    }

    /// Sends what waits, as far as the socket takes it, and goes on with requests that were held back by it.
    func flush() {
        send()
        while isHeld, phase == .reading, !writeIsBlocked {
            isHeld = false
            processPending()
            if phase == .reading, peerEnded, !isHeld { endAfterFlush() }
            send()
        }
    }

    private func send() {
        guard phase != .closed, phase != .lingering, !writeIsBlocked else { return }
        while outStart < out.count {
            let outcome = out.withUnsafeBytes { stream.write(UnsafeRawBufferPointer(rebasing: $0[outStart...])) }
            switch outcome {
            case .bytes(let count):
                outStart += count
                restartClock()
            case .wantsWrite, .wantsRead:
                writeIsBlocked = true
                return
            case .ended, .failed:
                return close()
            }
        }
        out.removeAll(keepingCapacity: out.capacity <= 64 * 1024)
        outStart = 0
        if phase == .closing { finish() }
    }

    /// Ends the connection when everything is sent; for a peer that has ended its side.
    func endAfterFlush() {
        phase = .closing
    }

    private func finish() {
        if peerEnded { return close() }
        phase = .lingering
        isPaused = false
        readWantsWrite = false
        stream.endWriting()
    }
}
