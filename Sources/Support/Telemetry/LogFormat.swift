/// The shape of a log line.
public enum LogFormat: Sendable {
    /// `ts=… level=info event=started port=8080`, for a person.
    case logfmt
    /// One JSON object a line, for machines.
    case json
}
