/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable {
    /// Stable, snake_case, such as `duplicate_key`.
    public var code: String
    /// For a person; quotes nothing of the text but a duplicate key's name.
    public var message: String
    /// Bytes from the start.
    public var offset: Int
    /// From 1.
    public var line: Int
    /// From 1, in bytes.
    public var column: Int
}
