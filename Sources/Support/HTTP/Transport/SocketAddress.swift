import CLinux
import Glibc

/// A numeric network address with port, IPv4 or IPv6.
struct SocketAddress: Sendable, Equatable {
    /// The bytes of the system's `sockaddr`.
    private var bytes: [UInt8]

    private init(_ pointer: UnsafePointer<sockaddr>, _ length: socklen_t) {
        bytes = Array(UnsafeRawBufferPointer(start: pointer, count: Int(length)))
    }

    /// The addresses of a host. Names are looked up, which blocks: call it on a thread that may wait.
    /// Empty when there is none.
    static func resolve(_ host: String, port: Int, numericOnly: Bool = false) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | (numericOnly ? AI_NUMERICHOST : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var result: [SocketAddress] = []
        var next = list
        while let entry = next {
            let info = entry.pointee
            if info.ai_family == AF_INET || info.ai_family == AF_INET6, let address = info.ai_addr {
                let found = SocketAddress(address, info.ai_addrlen)
                if !result.contains(found) { result.append(found) }
            }
            next = info.ai_next
        }
        return result
    }

    /// The peer of a connected socket (or the socket's own address), nil when there is none.
    init?(of descriptor: Int32, isPeer: Bool) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                isPeer ? getpeername(descriptor, address, &length) : getsockname(descriptor, address, &length)
            }
        }
        guard result == 0, length > 0, Int(length) <= MemoryLayout<sockaddr_storage>.size else { return nil }
        bytes = withUnsafeBytes(of: &storage) { Array($0.prefix(Int(length))) }
    }

    /// The address family.
    var family: Int32 { withAddress { pointer, _ in Int32(pointer.pointee.sa_family) } }

    /// The port, in the order of this machine.
    var port: Int {
        // sin_port and sin6_port lie at the same place, in network order.
        bytes.count >= 4 ? Int(bytes[2]) << 8 | Int(bytes[3]) : 0
    }

    /// The bytes of the address alone, 4 or 16.
    var numeric: [UInt8] {
        let (offset, length) = family == AF_INET6 ? (8, 16) : (4, 4)
        return bytes.count >= offset + length ? Array(bytes[offset..<offset + length]) : []
    }

    /// The same address with another port.
    func with(port: Int) -> SocketAddress {
        var changed = self
        guard bytes.count >= 4 else { return self }
        changed.bytes[2] = UInt8(truncatingIfNeeded: port >> 8)
        changed.bytes[3] = UInt8(truncatingIfNeeded: port)
        return changed
    }

    /// The numeric address without port and without the zone of a link-local IPv6 address.
    var host: String {
        let isIPv6 = family == AF_INET6
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let offset = isIPv6 ? 8 : 4
        guard bytes.count >= offset + (isIPv6 ? 16 : 4) else { return "" }
        let done = bytes.withUnsafeBytes { all -> Bool in
            guard let base = all.baseAddress else { return false }
            return inet_ntop(family, base + offset, &text, socklen_t(text.count)) != nil
        }
        guard done else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Calls the body with what the system calls take.
    func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes.prefix($0.count)) }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(bytes.count)) }
        }
    }

    /// Whether a host is a numeric address, so that it needs no look-up.
    static func isNumeric(_ host: String) -> Bool {
        var space = in6_addr()
        return inet_pton(AF_INET, host, &space) == 1 || inet_pton(AF_INET6, host, &space) == 1
    }
}
