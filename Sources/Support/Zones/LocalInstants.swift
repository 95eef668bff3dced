/// The instants at which the clocks of a zone show a time, in seconds since 1970.
public enum LocalInstants: Sendable, Hashable {
    /// They show it once.
    case one(Int64)
    /// They skip it, because they are put forward; the first instant after the gap.
    case gap(after: Int64)
    /// They show it twice, because they are put back.
    case overlap(earlier: Int64, later: Int64)
}
