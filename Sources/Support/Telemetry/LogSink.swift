import Glibc

/// Where log lines go.
public protocol LogSink: Sendable {
    /// Writes whole lines, each ended by a line feed. Called by one thread at a time.
    func write(_ lines: [UInt8])
}

/// The standard error stream of the process.
public struct StandardErrorSink: LogSink {
    /// The sink for descriptor 2.
    public init() {}

    /// Whether a person reads along.
    public var isTerminal: Bool { isatty(2) == 1 }

    /// Writes all bytes; gives up on an error, because there is nowhere left to report it.
    public func write(_ lines: [UInt8]) {
        lines.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(2, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
