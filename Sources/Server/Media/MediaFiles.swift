import Gateway
import Glibc
import HTTP

/// Hands files that people sent to whoever may have them. What is sent is read on a thread of its own, in bounded memory.
public final class MediaFiles: Sendable {
    private let folder: MediaFolder
    private let thread: BlockingThread

    /// Bytes that are read at once.
    static let block = 128 * 1024

    /// - Parameter thread: where files are read.
    public init(folder: MediaFolder, thread: BlockingThread) {
        self.folder = folder
        self.thread = thread
    }

    /// The file as an answer; `nil` where it is not here. It blocks.
    ///
    /// Whoever opens it in a browser gets it as a file: nothing of it is shown or run in the origin of this server.
    func answer(_ media: MediaRecord) -> HTTPResponse? {
        guard media.state == .stored, let content = media.content else { return nil }
        let descriptor = open(folder.place(ofHash: content.hash), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        let sender = MediaSender(descriptor, length: Int(clamping: content.size), thread)
        let name = media.id.text(.media) + MediaTypes.ending(of: content.type)
        var response = HTTPResponse(
            status: 200,
            headers: HTTPHeaders([
                ("Content-Type", content.type), ("Content-Disposition", "attachment; filename=\"\(name)\""),
                ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "sandbox; default-src 'none'"),
                ("Cache-Control", "private, no-store"), ("Referrer-Policy", "no-referrer"),
            ]))
        response.stream = sender.begin()
        return response
    }
}

/// Reads a file as fast as the peer takes it.
private final class MediaSender: @unchecked Sendable {
    // Everything belongs to `thread` after `begin`.
    private let descriptor: Int32
    private let length: Int
    private var left: Int
    private let thread: BlockingThread
    /// Held by the connection; it holds this, which ends with it.
    private weak var stream: HTTPBodyStream?

    init(_ descriptor: Int32, length: Int, _ thread: BlockingThread) {
        self.descriptor = descriptor
        self.length = length
        left = length
        self.thread = thread
    }

    deinit { close(descriptor) }

    func begin() -> HTTPBodyStream {
        let stream = HTTPBodyStream(limit: 2 * MediaFiles.block, length: length) { [self] in
            thread.run { [weak self] in self?.pump() }
        }
        self.stream = stream
        thread.run { [self] in pump() }
        return stream
    }

    private func pump() {
        guard let stream else { return }
        while left > 0, stream.room >= min(left, MediaFiles.block) {
            let wanted = min(left, MediaFiles.block)
            let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, wanted))
            }
            guard !bytes.isEmpty else { return stream.cut() }
            left -= bytes.count
            stream.write(bytes)
        }
        if left == 0 { stream.finish() }
    }
}
