import Glibc

/// Whole files, read and written.
enum Files {
    /// At most so many bytes are read: configuration files and secrets are small.
    static let limit = 16 << 20

    static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("cannot_read", "\(path): \(reason(errno))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw CommandFailure("cannot_read", "\(path): \(reason(errno))") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[0..<count])
            guard bytes.count <= limit else { throw CommandFailure("too_large", "\(path): larger than 16 MiB") }
        }
    }

    /// Writes beside the file and renames, so that a reader sees the old or the new one.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(CommandFailure) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw CommandFailure("cannot_write", "\(path): \(reason(errno))") }
        var isWritten = bytes.withUnsafeBytes { buffer in
            Glibc.write(descriptor, buffer.baseAddress, buffer.count) == buffer.count
        }
        isWritten = fsync(descriptor) == 0 && isWritten
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            throw CommandFailure("cannot_write", "\(path): \(reason(errno))")
        }
    }
}
