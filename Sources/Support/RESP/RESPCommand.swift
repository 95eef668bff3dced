/// A command: its name and arguments, each any bytes.
public struct RESPCommand: Sendable, Hashable {
    /// The name first; at least one.
    public var arguments: [[UInt8]]

    /// A command of texts.
    public init(_ arguments: String...) { self.arguments = arguments.map { Array($0.utf8) } }

    /// A command of texts.
    public init(arguments: [String]) { self.arguments = arguments.map { Array($0.utf8) } }

    /// As an array of bulk strings, which is how clients write.
    public var bytes: [UInt8] {
        var out = Array("*\(arguments.count)\r\n".utf8)
        for argument in arguments { out += Array("$\(argument.count)\r\n".utf8) + argument + [0x0D, 0x0A] }
        return out
    }
}
