import Dispatch
import Glibc

@testable import HTTP

/// A socket for tests that care about single bytes. Reads block a thread of their own and give up after five seconds.
final class RawClient: Sendable {
    private let descriptor: Int32
    private let thread = DispatchQueue(label: "raw client")

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let addresses = SocketAddress.resolve("127.0.0.1", port: port, numericOnly: true)
        let fd = descriptor
        guard let address = addresses.first, address.withAddress({ connect(fd, $0, $1) }) == 0 else {
            throw HTTPServerError(code: .address, message: "no connection")
        }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                Glibc.send(descriptor, all.baseAddress?.advanced(by: start), bytes.count - start, Int32(0x4000))
            }
            guard count > 0 else { return }
            start += count
        }
    }

    /// Ends this side only.
    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What comes up to the end of the stream; `<silence>` is added when it does not come within five seconds.
    func readAll() async -> String {
        var all: [UInt8] = []
        while true {
            guard let bytes = await readSome() else { return String(decoding: all, as: UTF8.self) + "<silence>" }
            if bytes.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += bytes
        }
    }

    /// What comes until it ends with these words, or the stream ends.
    func read(until words: String) async -> String {
        var all = ""
        while !all.hasSuffix(words) {
            guard let bytes = await readSome(), !bytes.isEmpty else { return all + "<end>" }
            all += String(decoding: bytes, as: UTF8.self)
        }
        return all
    }

    private func readSome() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            thread.async { [self] in continuation.resume(returning: receive()) }
        }
    }

    // Empty at the end of the stream (or a reset), nil when nothing came in time.
    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(buffer.prefix(count))
    }
}
