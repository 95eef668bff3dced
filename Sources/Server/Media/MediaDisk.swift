import Glibc

/// What is done to the disk for files that people sent. Every call blocks; tests bring a disk that fails.
protocol MediaDisk: Sendable {
    /// Makes a folder (0700); whether it is new.
    func makeFolder(_ path: String) throws(MediaDiskError) -> Bool
    /// What lies in a folder.
    func names(in path: String) throws(MediaDiskError) -> [String]
    /// Makes a file that was not there (0600), to be written.
    func create(_ path: String) throws(MediaDiskError) -> Int32
    /// Writes all of the bytes.
    func write(_ bytes: [UInt8], to descriptor: Int32) throws(MediaDiskError)
    /// Waits until everything that was written is on disk, then closes.
    func syncAndClose(_ descriptor: Int32) throws(MediaDiskError)
    /// Closes a file that nobody wants.
    func close(_ descriptor: Int32)
    /// Waits until the names in a folder are on disk.
    func syncFolder(_ path: String) throws(MediaDiskError)
    /// Gives a file another name, in place of what had it.
    func rename(_ path: String, to other: String) throws(MediaDiskError)
    /// Removes a file; one that is not there is no error.
    func remove(_ path: String) throws(MediaDiskError)
    /// In bytes; `nil` where there is no file.
    func size(of path: String) -> Int64?
}

/// Why the disk did not do it.
public struct MediaDiskError: Error, Sendable, Hashable {
    /// There is no room, or a quota or a limit on files is used up.
    public var isFull: Bool
    /// The system call and what it said; for a person.
    public var message: String

    init(_ call: String, _ number: Int32 = errno) {
        isFull = [ENOSPC, EDQUOT, EFBIG].contains(number)
        message = call + ": " + (strerror(number).map { String(cString: $0) } ?? "error \(number)")
    }
}

/// The disk of this machine.
struct SystemDisk: MediaDisk {
    func makeFolder(_ path: String) throws(MediaDiskError) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw MediaDiskError("mkdir") }
        return false
    }

    func names(in path: String) throws(MediaDiskError) -> [String] {
        guard let folder = opendir(path) else { throw MediaDiskError("opendir") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func create(_ path: String) throws(MediaDiskError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw MediaDiskError("open") }
        return descriptor
    }

    func write(_ bytes: [UInt8], to descriptor: Int32) throws(MediaDiskError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                return Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                throw MediaDiskError("write")
            }
        }
    }

    func syncAndClose(_ descriptor: Int32) throws(MediaDiskError) {
        let isSynced = fsync(descriptor) == 0
        let number = errno
        Glibc.close(descriptor)
        if !isSynced { throw MediaDiskError("fsync", number) }
    }

    func close(_ descriptor: Int32) { Glibc.close(descriptor) }

    func syncFolder(_ path: String) throws(MediaDiskError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw MediaDiskError("open") }
        try syncAndClose(descriptor)
    }

    func rename(_ path: String, to other: String) throws(MediaDiskError) {
        guard Glibc.rename(path, other) == 0 else { throw MediaDiskError("rename") }
    }

    func remove(_ path: String) throws(MediaDiskError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw MediaDiskError("unlink") }
    }

    func size(of path: String) -> Int64? {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : nil
    }
}
