/// How much a log line matters.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// Every move of a delivery.
    case debug
    /// Start, stop, reload, and one line per closed delivery.
    case info
    /// The service is degraded.
    case warn
    /// A person must act.
    case error

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        }
    }

    /// Levels that matter less come first.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}
