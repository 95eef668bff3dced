/// Memory that the connections of one loop read into, one after the other.
final class ScratchBuffer {
    /// 64 KiB.
    let bytes: UnsafeMutableRawBufferPointer

    init() {
        bytes = .allocate(byteCount: 64 * 1024, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    /// The first bytes, which a read has filled.
    func filled(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            UnsafeMutableBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[..<min(count, bytes.count)]))
    }
}
