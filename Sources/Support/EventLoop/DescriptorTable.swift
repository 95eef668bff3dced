/// Handlers by file descriptor. A generation in the epoll data tells events of a closed descriptor from those of the
/// next one with the same number.
struct DescriptorTable {
    private struct Slot {
        var handler: (any DescriptorHandler)?
        var generation: UInt32
    }

    private var slots: [Slot] = []

    /// Puts a handler in place and returns the word for the epoll data.
    mutating func insert(_ handler: any DescriptorHandler, at descriptor: Int32) -> UInt64 {
        let index = Int(descriptor)
        while slots.count <= index { slots.append(Slot(handler: nil, generation: 0)) }
        slots[index].handler = handler
        slots[index].generation &+= 1
        return word(descriptor)
    }

    /// The word for the epoll data of a descriptor that is held.
    func word(_ descriptor: Int32) -> UInt64 {
        UInt64(slots[Int(descriptor)].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    /// Whether a handler is held for the descriptor.
    func contains(_ descriptor: Int32) -> Bool {
        slots.indices.contains(Int(descriptor)) && slots[Int(descriptor)].handler != nil
    }

    /// Removes a handler; events that are already on their way find nothing.
    mutating func remove(_ descriptor: Int32) {
        guard contains(descriptor) else { return }
        slots[Int(descriptor)].handler = nil
        slots[Int(descriptor)].generation &+= 1
    }

    /// The handler that the word of an event means, nil when it is gone.
    func handler(_ word: UInt64) -> (any DescriptorHandler)? {
        let index = Int(word & 0xFFFF_FFFF)
        guard index < slots.count, slots[index].generation == UInt32(word >> 32) else { return nil }
        return slots[index].handler
    }
}
