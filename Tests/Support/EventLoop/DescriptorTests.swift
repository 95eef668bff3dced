import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite("watched descriptors")
struct DescriptorTests {
    private final class Reader: DescriptorHandler, @unchecked Sendable {
        let descriptor: Int32
        let received: @Sendable ([UInt8]) -> Void

        init(_ descriptor: Int32, received: @escaping @Sendable ([UInt8]) -> Void) {
            self.descriptor = descriptor
            self.received = received
        }

        func descriptorReady(_ events: DescriptorEvents) {
            var buffer = [UInt8](repeating: 0, count: 64)
            let count = read(descriptor, &buffer, buffer.count)
            received(Array(buffer.prefix(max(0, count))))
        }
    }

    @Test("bytes in a pipe reach the handler")
    func pipeBytes() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer {
            close(readEnd)
            close(writeEnd)
        }
        let bytes: [UInt8] = await withCheckedContinuation { continuation in
            let reader = Reader(readEnd) { bytes in
                loop.unwatch(readEnd)
                continuation.resume(returning: bytes)
            }
            loop.execute {
                #expect(throws: Never.self) { try loop.watch(readEnd, .read, reader) }
                _ = write(writeEnd, [1, 2, 3] as [UInt8], 3)
            }
        }
        #expect(bytes == [1, 2, 3])
    }

    @Test("a descriptor that cannot be watched is an error")
    func badDescriptor() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let code: EventLoopError.Code? = await withCheckedContinuation { continuation in
            loop.execute {
                do {
                    try loop.watch(60_000, .read, Reader(0) { _ in })
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: (error as? EventLoopError)?.code)
                }
            }
        }
        #expect(code == .register)
    }

    @Test("the word of a closed descriptor does not reach the next one of the same number")
    func generations() {
        var table = DescriptorTable()
        let old = Reader(3) { _ in }
        let new = Reader(3) { _ in }
        let oldWord = table.insert(old, at: 3)
        #expect(table.handler(oldWord) === old)
        table.remove(3)
        #expect(table.handler(oldWord) == nil)
        let newWord = table.insert(new, at: 3)
        #expect(table.handler(oldWord) == nil)
        #expect(table.handler(newWord) === new)
        #expect(table.handler(UInt64.max) == nil)
    }
}
