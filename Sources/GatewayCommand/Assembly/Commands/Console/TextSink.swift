import Glibc

/// Where a command writes text.
protocol TextSink: Sendable {
    /// Writes a text as it is; the caller ends its lines.
    func write(_ text: String)
}

/// A descriptor of the process. A reader that is gone ends the writing, not the command.
struct DescriptorSink: TextSink {
    let descriptor: Int32

    /// Standard output.
    static let output = DescriptorSink(descriptor: 1)
    /// Standard error.
    static let errors = DescriptorSink(descriptor: 2)

    /// Whether a person reads along.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { buffer in
            var rest = UnsafeRawBufferPointer(buffer)[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
