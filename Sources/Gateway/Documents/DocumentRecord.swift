/// A document of a boat, found by its words.
public struct DocumentRecord: Sendable, Hashable {
    /// The caller's id, `[A-Za-z0-9._-]{1,64}`.
    public var id: String
    /// The id of the boat that it belongs to; only that boat's people are told of it.
    public var boat: String
    /// What it is, such as `warranty`: lower case, of the characters of an id.
    public var type: String
    /// As people see it in a list, 1 to 200 bytes.
    public var title: String
    /// What it says, to be searched; may be empty, at most `longestText` bytes.
    public var text: String
    /// Where a person can read it, absolute; `nil` when there is no such place.
    public var url: String?
    /// The file that it is, which a person sent; `nil` for none.
    public var media: RecordID?
    /// When it was put for the first time.
    public var created: Timestamp
    /// When it was put last; the newest come first among equals.
    public var updated: Timestamp

    /// The longest text in bytes: 256 KiB, some hundred pages.
    public static let longestText = 262_144

    /// A document without a text, put at a time.
    public init(id: String, boat: String, type: String, title: String, at time: Timestamp) {
        self.id = id
        self.boat = boat
        self.type = type
        self.title = title
        text = ""
        created = time
        updated = time
    }
}
