import Gateway
import Glibc

/// An exclusive lock on a file of its own beside the store, held while the value lives (`flock(2)`, so the kernel frees
/// it when the process dies). SQLite's own locks stay on, for tools that read the file.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or throws `busy` at once and says who has it.
    init(path: String, of store: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FilePlace.failed("open", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw FilePlace.failed("lock", path, reason) }
            throw StoreError(.busy, "\(store) is open in another gateway\(holder); stop that one first")
        }
        self.descriptor = descriptor
        let text = Array("\(getpid())\n".utf8)
        // The number is for people; the lock holds without it.
        _ = ftruncate(descriptor, 0)
        _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit { close(descriptor) }

    private static func holder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        let digits = buffer.prefix(max(0, count)).prefix { 48...57 ~= $0 }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }
}
