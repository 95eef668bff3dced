import Gateway
import Glibc

/// Where a store lies: its folder and file belong to their owner alone, because they hold numbers and messages.
enum FilePlace {
    /// Makes the folder of `path` and those above it where they are missing, each 0700.
    static func prepareFolder(of path: String) throws(StoreError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw StoreError(.failed, "a store needs a path") }
        let bytes = Array(path.utf8)
        for end in bytes.indices where end > 0 && bytes[end] == UInt8(ascii: "/") {
            let folder = String(decoding: bytes[..<end], as: UTF8.self)
            if mkdir(folder, 0o700) != 0, errno != EEXIST, !isFolder(folder) { throw failed("make", folder) }
        }
    }

    /// Makes the file 0600 when it is missing, and takes it from others when they could read it.
    ///
    /// Nothing in this process may have it open: closing a descriptor would drop SQLite's own locks on it.
    static func prepareFile(_ path: String) throws(StoreError) {
        let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if made >= 0 {
            close(made)
        } else if errno != EEXIST {
            throw failed("make", path)
        } else if chmod(path, 0o600) != 0 {
            throw failed("protect", path)
        }
        // Left by a process that was killed; SQLite gives new ones the mode of the file.
        for suffix in ["-wal", "-shm"] { _ = chmod(path + suffix, 0o600) }
    }

    /// The error of a system call that just failed.
    static func failed(_ action: String, _ path: String, _ code: Int32 = errno) -> StoreError {
        StoreError(code == ENOSPC ? .full : .failed, "cannot \(action) \(path): \(String(cString: strerror(code)))")
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
