/// An identifier that may appear in a log.
///
/// Only types that are made by the program itself, such as the id of a message or of a delivery, conform: never a type
/// whose value is what a user or a provider wrote. As a second fence, an identifier that holds anything but letters,
/// digits, `_`, `-`, `.` and `:`, or is longer than 128 bytes, is shown as `invalid`.
public protocol LogIdentifiable: Sendable {
    /// The identifier as it is shown in the interface.
    var logIdentifier: String { get }
}
