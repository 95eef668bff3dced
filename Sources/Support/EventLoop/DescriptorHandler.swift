/// Receives what happens on a file descriptor that an ``EventLoop`` watches.
public protocol DescriptorHandler: AnyObject {
    /// Called on the loop's thread.
    func descriptorReady(_ events: DescriptorEvents)
}

/// What to watch on a descriptor, and what happened.
public struct DescriptorEvents: OptionSet, Sendable {
    /// The bits as epoll(7) numbers them.
    public let rawValue: UInt32

    /// Makes a set of epoll bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Bytes, an end of stream or a connection to accept can be read.
    public static let read = DescriptorEvents(rawValue: 0x1)
    /// Writing will not block.
    public static let write = DescriptorEvents(rawValue: 0x4)
    /// The descriptor failed; always watched.
    public static let failed = DescriptorEvents(rawValue: 0x8)
    /// Both directions are closed; always watched.
    public static let hungUp = DescriptorEvents(rawValue: 0x10)
}
