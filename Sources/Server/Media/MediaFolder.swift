import Crypto
import Gateway

/// Where files that people sent lie: `ab/cdef…` by the SHA-256 of their bytes, so that equal ones are there once, and
/// `tmp/…` while they come. A file has its name only once all of it is on disk; whatever ends the process in between
/// leaves at most something in `tmp`, which the next start removes. Its methods block.
///
/// Until a row says of a file that it is kept, `tmp` has a mark with the file's hash. By what marks a start finds, a
/// file that a kill left without a row is found again.
public final class MediaFolder: Sendable {
    let path: String
    let disk: any MediaDisk
    /// Hashes of files of which an earlier run did not know whether they are kept.
    let unsettled: [String]

    /// Makes the folder where it is missing, and removes what an earlier run left unfinished.
    public convenience init(_ path: String) throws(MediaDiskError) { try self.init(path, SystemDisk()) }

    init(_ path: String, _ disk: any MediaDisk) throws(MediaDiskError) {
        self.path = path
        self.disk = disk
        _ = try disk.makeFolder(path)
        _ = try disk.makeFolder(path + "/tmp")
        var unsettled: [String] = []
        for name in try disk.names(in: path + "/tmp") {
            if name.hasPrefix(Self.mark) {
                unsettled.append(String(name.dropFirst(Self.mark.count)))
            } else {
                try disk.remove(path + "/tmp/" + name)
            }
        }
        self.unsettled = unsettled
    }

    private static let mark = "new-"

    private func mark(ofHash hash: String) -> String { path + "/tmp/" + Self.mark + hash }

    /// Where the file with a hash lies.
    func place(ofHash hash: String) -> String { folder(ofHash: hash) + "/" + hash.dropFirst(2) }

    private func folder(ofHash hash: String) -> String { path + "/" + hash.prefix(2) }

    /// A file that is about to come; `name` is its own.
    func begin(_ name: String) throws(MediaDiskError) -> MediaFile {
        let place = path + "/tmp/" + name
        // One that could not be removed when it was given up.
        try disk.remove(place)
        return MediaFile(place, try disk.create(place), disk)
    }

    /// Gives a file that came whole its name. When it returns, the file survives whatever happens.
    func keep(_ file: MediaFile) throws(MediaDiskError) -> (hash: String, size: Int64) {
        let (hash, size) = try file.finish()
        let (folder, place) = (folder(ofHash: hash), place(ofHash: hash))
        if try disk.makeFolder(folder) { try disk.syncFolder(path) }
        if disk.size(of: mark(ofHash: hash)) == nil {
            disk.close(try disk.create(mark(ofHash: hash)))
            try disk.syncFolder(path + "/tmp")
        }
        // One of another size was damaged by something else.
        if disk.size(of: place) == size {
            try disk.remove(file.place)
        } else {
            try disk.rename(file.place, to: place)
        }
        // Also where it was there: whoever wrote it may have ended before this.
        try disk.syncFolder(folder)
        return (hash, size)
    }

    /// It is certain whether a file is kept: one that is not is removed.
    func settle(_ hash: String, isKept: Bool) throws(MediaDiskError) {
        if !isKept { try remove(hash) }
        try disk.remove(mark(ofHash: hash))
    }

    /// Removes the file with a hash; one that is not there is no error. When it returns, the file does not come back.
    func remove(_ hash: String) throws(MediaDiskError) {
        // Also where it is not there: an earlier try may have ended before its folder was on disk.
        _ = try disk.makeFolder(folder(ofHash: hash))
        try disk.remove(place(ofHash: hash))
        try disk.syncFolder(folder(ofHash: hash))
    }
}

/// A file while it comes. One thread at a time uses it.
final class MediaFile {
    let place: String
    /// Bytes that were written.
    private(set) var size: Int64 = 0
    private let disk: any MediaDisk
    private let digest = StreamingDigest(.sha256)
    private var descriptor: Int32?

    init(_ place: String, _ descriptor: Int32, _ disk: any MediaDisk) {
        self.place = place
        self.descriptor = descriptor
        self.disk = disk
    }

    deinit { if let descriptor { disk.close(descriptor) } }

    func write(_ bytes: [UInt8]) throws(MediaDiskError) {
        guard let descriptor else { return }
        try disk.write(bytes, to: descriptor)
        digest.update(bytes)
        size += Int64(bytes.count)
    }

    /// All of it is on disk; nothing more is written.
    fileprivate func finish() throws(MediaDiskError) -> (hash: String, size: Int64) {
        guard let descriptor else { throw MediaDiskError("finish", 0) }
        self.descriptor = nil
        try disk.syncAndClose(descriptor)
        return (Hex.encode(digest.finish()), size)
    }

    /// Nobody wants it. What cannot be removed now goes at the next start.
    func discard() {
        if let descriptor { disk.close(descriptor) }
        descriptor = nil
        try? disk.remove(place)
    }
}
