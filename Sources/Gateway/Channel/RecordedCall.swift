/// A recording of a call or a conference that is complete, or what was said in it.
public struct RecordedCall: Sendable, Hashable {
    /// The provider's id of the recording.
    public var providerID: String
    /// The provider's id of the call.
    public var call: String
    /// The conference that was recorded; `nil` for a call.
    public var conference: RecordID?
    /// The sound; `nil` where the text alone is told.
    public var media: InboundMedia?
    /// Whole seconds.
    public var seconds: Int?
    /// What was said; `nil` where the sound alone is told.
    public var text: String?
    /// The menu whose step recorded it.
    public var menu: String?
    /// The step's place there; `MenuPlace` reads it.
    public var place: String?

    /// A recording of a call.
    public init(providerID: String, call: String) {
        self.providerID = providerID
        self.call = call
    }
}
