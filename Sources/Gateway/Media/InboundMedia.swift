/// A file that a person sent with a message, as the provider announced it; it is not here yet.
public struct InboundMedia: Sendable, Hashable {
    /// Absolute, at the provider or wherever the provider says.
    public var url: String
    /// What the provider says that it is, such as `image/jpeg`; empty when it says nothing.
    public var contentType: String

    /// A file with what the provider says of it.
    public init(url: String, contentType: String = "") {
        self.url = url
        self.contentType = contentType
    }
}
