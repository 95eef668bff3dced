/// A file that a person sent, from its announcement on. The file itself lies in a folder, under the hash of its bytes.
public struct MediaRecord: Sendable, Hashable {
    /// Names the file; rises with time.
    public var id: RecordID
    /// The message that it came with.
    public var inbound: RecordID
    /// The caller's id of the contact with the sender's number; `nil` when it is unknown.
    public var contact: String?
    /// The caller's id of the boat that it belongs to; `nil` until somebody says so.
    public var boat: String?
    /// The name under `providers:` of whom it came from.
    public var provider: String
    /// Where it is to be had, absolute.
    public var url: String
    /// What the provider says that it is; may be empty.
    public var givenType: String
    /// When it was announced.
    public var created: Timestamp
    /// How far it is.
    public var state = MediaState.waiting
    /// Why it is not here; `nil` for what is, and for what was not tried yet.
    public var reason: MediaReason?
    /// What is here of it; `nil` before.
    public var content: MediaContent?
    /// Downloads that failed and were counted.
    public var tries = 0
    /// When it is tried next; `nil` unless it waits.
    public var due: Timestamp?
    /// When it came.
    public var stored: Timestamp?

    /// A file that was announced, to be downloaded at once.
    public init(
        id: RecordID, inbound: RecordID, _ media: InboundMedia, provider: String, contact: String?, boat: String?,
        at time: Timestamp
    ) {
        self.id = id
        self.inbound = inbound
        self.contact = contact
        self.boat = boat
        self.provider = provider
        url = media.url
        givenType = media.contentType
        created = time
        due = time
    }

    /// The id of the document under which it is filed: `med-` and 13 characters.
    public var documentID: String { Self.documentID(of: id) }

    /// The id of the document under which a file is filed.
    public static func documentID(of id: RecordID) -> String { "med-" + id.digits }
}

/// How far a file is.
public enum MediaState: String, Sendable, Hashable, CaseIterable {
    /// It is being downloaded, or will be.
    case waiting
    /// It is here.
    case stored
    /// The gateway does not want it.
    case refused
    /// It was not to be had.
    case failed
    /// It is to be gone: nobody is shown it any more, and its document, its bytes and its row follow.
    case removed
}

/// A file that is here.
public struct MediaContent: Sendable, Hashable {
    /// What it is, as the answer said: a lower-case media type without parameters (RFC 9110 §8.3.1).
    public var type: String
    /// In bytes.
    public var size: Int64
    /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
    public var hash: String

    /// A file of a type, a size and a hash.
    public init(type: String, size: Int64, hash: String) {
        self.type = type
        self.size = size
        self.hash = hash
    }
}

/// Why a file is not here. The words are stable: callers search for them.
public enum MediaReason: String, Sendable, Hashable, CaseIterable {
    // What the gateway does not want: final.
    case tooLarge = "too_large"
    case typeNotAllowed = "type_not_allowed"
    case privateAddress = "private_address"
    case badRedirect = "bad_redirect"
    case badURL = "bad_url"
    /// Plain HTTP, where only https will do.
    case insecure
    // What is not to be had: final.
    case notFound = "not_found"
    case accessDenied = "access_denied"
    case httpError = "http_error"
    // What may pass.
    case unavailable
    case interrupted
    case timeout
    // The gateway's own trouble, which passes too and is not counted.
    case diskFull = "disk_full"
    case diskError = "disk_error"

    /// What a file becomes that is not here for this reason, once it is not tried any more.
    public var end: MediaState {
        switch self {
        case .tooLarge, .typeNotAllowed, .privateAddress, .badRedirect, .badURL, .insecure: .refused
        default: .failed
        }
    }

    /// Another try may succeed.
    public var mayPass: Bool {
        switch self {
        case .unavailable, .interrupted, .timeout, .diskFull, .diskError: true
        default: false
        }
    }

    /// It is no fault of the other side.
    public var isOurs: Bool { self == .diskFull || self == .diskError }
}

/// What a download came to.
public enum MediaResult: Sendable, Hashable {
    /// It is on disk.
    case stored(MediaContent)
    /// It is not; `after` is how long the other side wants to be left alone, where it says so.
    case missing(MediaReason, after: Duration? = nil)
}

extension MediaRecord {
    /// Downloads before it is given up.
    public static let mostTries = 3
    /// How long until the second and the third try.
    static let pauses = [Duration.seconds(10), .seconds(60)]
    /// How long until the next try where the disk is at fault.
    static let diskPause = Duration.seconds(60)
    /// The longest that the other side may put off the next try.
    public static let longestPause = Duration.seconds(3_600)

    /// Takes over what a download came to.
    public mutating func take(_ result: MediaResult, at now: Timestamp) {
        switch result {
        case .stored(let content):
            self.content = content
            state = .stored
            stored = now
            reason = nil
            due = nil
        case .missing(let reason, let after):
            self.reason = reason
            if !reason.isOurs { tries += 1 }
            if reason.isOurs {
                due = now + Self.diskPause
            } else if reason.mayPass, tries < Self.mostTries {
                let pause = Self.pauses[min(tries, Self.pauses.count) - 1]
                due = now + max(pause, min(after ?? .zero, Self.longestPause))
            } else {
                state = reason.end
                due = nil
            }
        }
    }

    /// Tries it again from the beginning; what is here stays.
    public mutating func retry(at now: Timestamp) {
        guard state != .stored else { return }
        state = .waiting
        tries = 0
        due = now
    }

    /// It is to be gone. It is due before every download, so that none holds it up.
    public mutating func remove() {
        state = .removed
        due = Timestamp(milliseconds: 0)
    }
}

/// Which files are wanted; every part that is set must fit.
public struct MediaQuery: Sendable, Hashable {
    /// Those that are so far; `nil` for all but those that are to be gone.
    public var state: MediaState?
    /// Those of a boat.
    public var boat: String?
    /// Those of a contact.
    public var contact: String?

    /// All files.
    public init() {}

    /// Whether a file is wanted. Texts are compared by their bytes, as in a database.
    public func fits(_ media: MediaRecord) -> Bool {
        func agree(_ wanted: String?, _ found: String?) -> Bool {
            guard let wanted else { return true }
            return found.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
        let isWanted = state.map { $0 == media.state } ?? (media.state != .removed)
        return isWanted && agree(boat, media.boat) && agree(contact, media.contact)
    }
}
