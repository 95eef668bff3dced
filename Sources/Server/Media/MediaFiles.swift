import Gateway
import Glibc
import HTTP

/// Hands files that people sent to whoever may have them. What is sent is read on a thread of its own, in bounded
/// memory.
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
    /// - Parameter request: where a part may be asked for (RFC 9110 §14); `nil` for always the whole.
    func answer(_ media: MediaRecord, to request: HTTPRequest? = nil) -> HTTPResponse? {
        guard media.state == .stored, let content = media.content else { return nil }
        let descriptor = open(folder.place(ofHash: content.hash), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        let name = media.id.text(.media) + MediaTypes.ending(of: content.type)
        let tag = "\"" + content.hash + "\""
        var response = HTTPResponse(
            status: 200,
            headers: HTTPHeaders([
                ("Content-Type", content.type), ("Content-Disposition", "attachment; filename=\"\(name)\""),
                ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "sandbox; default-src 'none'"),
                ("Cache-Control", "private, no-store"), ("Referrer-Policy", "no-referrer"), ("ETag", tag),
            ]))
        var (start, length) = (Int64(0), content.size)
        if let request {
            response.headers.add("Accept-Ranges", "bytes")
            switch Self.range(request, tag, content.size) {
            case .whole: break
            case .part(let first, let count):
                (start, length) = (first, count)
                response.status = 206
                response.headers.add("Content-Range", "bytes \(first)-\(first + count - 1)/\(content.size)")
            case .unsatisfiable:
                close(descriptor)
                return HTTPResponse(
                    status: 416, headers: HTTPHeaders([("Content-Range", "bytes */\(content.size)")]))
            }
        }
        response.stream = MediaSender(descriptor, start, length: Int(clamping: length), thread).begin()
        return response
    }

    /// Only GET knows ranges (RFC 9110 §14.2), and only of the file that the peer has a part of (§13.1.5).
    private static func range(_ request: HTTPRequest, _ tag: String, _ size: Int64) -> ByteRange {
        guard request.method == "GET", request.headers[first: "If-Range"].map({ $0 == tag }) ?? true else {
            return .whole
        }
        return ByteRange(request.headers[first: "Range"], size: size)
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

    private var place: off_t

    init(_ descriptor: Int32, _ start: Int64, length: Int, _ thread: BlockingThread) {
        self.descriptor = descriptor
        place = off_t(start)
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
                count = max(0, pread(descriptor, buffer.baseAddress, wanted, place))
            }
            guard !bytes.isEmpty else { return stream.cut() }
            left -= bytes.count
            place += bytes.count
            stream.write(bytes)
        }
        if left == 0 { stream.finish() }
    }
}
