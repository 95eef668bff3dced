import EventLoop

/// From a stream to the socket.
extension HTTPServerConnection {
    /// Begins a body that comes as it is written. The head is in `out`.
    func stream(_ body: HTTPBodyStream) {
        guard !context.isHead else {
            body.detach()
            phase = context.closes ? .closing : .reading
            return
        }
        phase = .streaming
        self.body = body
        body.attach { [weak self, loop = worker.loop] in
            // Never at once: whoever writes may hold something that another writer waits for.
            loop.execute { [weak self] in self?.pull() }
        }
        worker.loop.execute { [weak self] in self?.pull() }
    }

    /// Takes what was written and sends it. What the socket does not take stays in the stream, whose room is bounded.
    func pull() {
        guard phase == .streaming, let body else { return }
        while phase == .streaming, outStart == out.count {
            switch body.take() {
            case .bytes(let bytes):
                if context.isChunked { HTTPEncoder.append(chunk: bytes, to: &out) } else { out += bytes }
                flush()
            case .nothing: return settle()
            case .end: endBody()
            case .cut: return close()
            }
        }
        settle()
    }

    private func endBody() {
        if context.isChunked { HTTPEncoder.appendLastChunk(to: &out) }
        leaveStream()
        phase = context.closes || worker.isDraining ? .closing : .reading
        flush()
        resume()
    }

    /// Whoever writes on is told that it is of no use.
    func leaveStream() {
        body?.detach()
        body = nil
    }
}
