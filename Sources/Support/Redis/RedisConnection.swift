import CLinux
import Glibc
import RESP
import TLS

/// Why a server could not be asked.
public enum RedisFault: Error, Sendable, Hashable {
    /// No address, no connection, or it broke; the words are for a log.
    case unreachable(String)
    /// It did not answer in time.
    case timeout
    /// Somebody gave up waiting.
    case cancelled
    /// What it said is no RESP2.
    case protocolFault(RESPFault)
    /// It refused the connection's own commands (AUTH, SELECT), in its words.
    case refused(String)
}

/// A connection to a server that blocks whoever uses it, always within a time. For one thread.
public final class RedisConnection {
    private let descriptor: Int32
    private var tls: TLSSession?
    private var parser = RESPParser()
    private let isCancelled: () -> Bool

    /// How often somebody who waits looks whether they still want to: 100 ms.
    private static let slice: Int32 = 100

    /// Connects, authenticates and chooses the database. A name's addresses are tried one after the other; the look-up of
    /// the name itself takes as long as the system's resolver takes.
    /// - Parameters:
    ///   - tls: whom to trust; needed for `rediss:`.
    ///   - timeout: for each address, and for each of what follows.
    ///   - isCancelled: looked at now and then while waiting.
    public init(
        _ url: RedisURL, tls: TLSClientContext?, timeout: Duration, isCancelled: @escaping () -> Bool
    ) throws(RedisFault) {
        self.isCancelled = isCancelled
        descriptor = try Self.connect(url, Self.deadline(timeout), isCancelled)
        if url.isTLS { try secure(url, tls, Self.deadline(timeout)) }
        try begin(url, timeout)
    }

    deinit {
        tls?.end()
        tls = nil
        close(descriptor)
    }

    private func begin(_ url: RedisURL, _ timeout: Duration) throws(RedisFault) {
        var commands: [RESPCommand] = []
        if let password = url.password {
            commands.append(RESPCommand(arguments: ["AUTH"] + [url.user, password].compactMap { $0 }))
        }
        if url.database != 0 { commands.append(RESPCommand("SELECT", String(url.database))) }
        guard !commands.isEmpty else { return }
        for answer in try ask(commands, timeout: timeout) {
            if case .error(let words) = answer { throw .refused(words) }
        }
    }

    /// Sends commands at once and waits for an answer to each.
    /// - Parameter timeout: for all of it.
    public func ask(_ commands: [RESPCommand], timeout: Duration) throws(RedisFault) -> [RESPValue] {
        let deadline = Self.deadline(timeout)
        try send(commands.flatMap(\.bytes), deadline)
        var answers: [RESPValue] = []
        while answers.count < commands.count {
            do throws(RESPFault) {
                if let answer = try parser.next() {
                    answers.append(answer)
                    continue
                }
            } catch {
                throw .protocolFault(error)
            }
            try receive(deadline)
        }
        return answers
    }

    // MARK: bytes

    private func send(_ bytes: [UInt8], _ deadline: UInt64) throws(RedisFault) {
        var sent = 0
        while sent < bytes.count {
            let outcome = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[sent...])
                return tls.map { Step($0.write(rest)) }
                    ?? Step(sent: Glibc.send(descriptor, rest.baseAddress, rest.count, GW_MSG_NOSIGNAL))
            }
            sent += try follow(outcome, deadline)
        }
    }

    private func receive(_ deadline: UInt64) throws(RedisFault) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let outcome = buffer.withUnsafeMutableBytes { all in
            tls.map { Step($0.read(into: all)) } ?? Step(received: recv(descriptor, all.baseAddress, all.count, 0))
        }
        let count = try follow(outcome, deadline)
        parser.feed(buffer[..<count])
    }

    /// What came of a system call or of TLS.
    private enum Step {
        case bytes(Int)
        case waits(Int32)
        case failed(String)

        init(_ outcome: TLSSession.Outcome) {
            switch outcome {
            case .bytes(let count): self = .bytes(count)
            case .wantsRead: self = .waits(Int32(POLLIN))
            case .wantsWrite: self = .waits(Int32(POLLOUT))
            case .ended: self = .failed("the server closed the connection")
            case .failed(let error): self = .failed(error.description)
            }
        }

        init(sent count: Int) { self = count >= 0 ? .bytes(count) : Self.failure(Int32(POLLOUT)) }

        init(received count: Int) {
            self =
                count > 0
                ? .bytes(count)
                : count == 0 ? .failed("the server closed the connection") : Self.failure(Int32(POLLIN))
        }

        private static func failure(_ events: Int32) -> Step {
            switch errno {
            case EAGAIN: .waits(events)
            case EINTR: .bytes(0)
            default: .failed(RedisConnection.text(errno))
            }
        }
    }

    /// The bytes that went; 0 where it is to be tried again.
    private func follow(_ step: Step, _ deadline: UInt64) throws(RedisFault) -> Int {
        switch step {
        case .bytes(let count): return count
        case .waits(let events):
            try Self.wait(descriptor, events, deadline, isCancelled)
            return 0
        case .failed(let words): throw .unreachable(words)
        }
    }

    private func secure(_ url: RedisURL, _ context: TLSClientContext?, _ deadline: UInt64) throws(RedisFault) {
        guard let context else { throw .unreachable("nobody said whom to trust") }
        var space = in6_addr()
        let isAddress = inet_pton(AF_INET, url.host, &space) == 1 || inet_pton(AF_INET6, url.host, &space) == 1
        let session: TLSSession
        do throws(TLSError) {
            session = try context.session(descriptor: descriptor, host: url.host, port: url.port, isAddress: isAddress)
        } catch {
            throw .unreachable(error.description)
        }
        while true {
            switch session.handshake() {
            case .done:
                tls = session
                return
            case .wantsRead: try Self.wait(descriptor, Int32(POLLIN), deadline, isCancelled)
            case .wantsWrite: try Self.wait(descriptor, Int32(POLLOUT), deadline, isCancelled)
            case .failed(let error): throw .unreachable(error.description)
            }
        }
    }

    // MARK: sockets

    private static func connect(
        _ url: RedisURL, _ deadline: UInt64, _ isCancelled: () -> Bool
    ) throws(RedisFault) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(url.host, String(url.port), &hints, &list) == 0 else {
            throw .unreachable("the host has no address")
        }
        defer { freeaddrinfo(list) }
        var next = list
        var words = "the host has no address"
        while let entry = next {
            do throws(RedisFault) {
                return try connect(entry.pointee, deadline, isCancelled)
            } catch {
                guard case .unreachable(let reason) = error else { throw error }
                words = reason
            }
            next = entry.pointee.ai_next
        }
        throw .unreachable(words)
    }

    private static func connect(
        _ info: addrinfo, _ deadline: UInt64, _ isCancelled: () -> Bool
    ) throws(RedisFault) -> Int32 {
        let type = info.ai_socktype | GW_SOCK_NONBLOCK | GW_SOCK_CLOEXEC
        let descriptor = socket(info.ai_family, type, info.ai_protocol)
        guard descriptor >= 0 else { throw .unreachable(text(errno)) }
        do throws(RedisFault) {
            if Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw .unreachable(text(errno)) }
                try wait(descriptor, Int32(POLLOUT), deadline, isCancelled)
                var (failure, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length)
                guard failure == 0 else { throw .unreachable(text(failure)) }
            }
        } catch {
            close(descriptor)
            throw error
        }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    /// Until something can be done with the socket, or it broke.
    private static func wait(
        _ descriptor: Int32, _ events: Int32, _ deadline: UInt64, _ isCancelled: () -> Bool
    ) throws(RedisFault) {
        while true {
            if isCancelled() { throw .cancelled }
            let now = monotonic()
            guard now < deadline else { throw .timeout }
            let left = Int32(clamping: (deadline - now) / 1_000_000 + 1)
            var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: events), revents: 0)
            let result = poll(&entry, 1, min(left, slice))
            if result > 0 { return }
            if result < 0, errno != EINTR { throw .unreachable(text(errno)) }
        }
    }

    private static func deadline(_ span: Duration) -> UInt64 {
        let (seconds, attoseconds) = span.components
        return monotonic() + UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000
    }

    private static func monotonic() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func text(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
