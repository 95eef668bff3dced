/// An error that the gateway met while it sent or received, as the store keeps it: an addition to the row of the same
/// error in the same hour, or the row itself where a store is read (docs/decisions/0056-errors-are-stored.md).
public struct ErrorRecord: Sendable, Hashable {
    /// Names the row; that of the first error in it.
    public var id: RecordID
    /// The word of an `ErrorCode`; one of a later version is kept as it is.
    public var code: String
    /// How much it matters.
    public var severity: ErrorSeverity
    /// What happened, for a person; without numbers and texts of messages.
    public var message: String
    /// When it happened first.
    public var first: Timestamp
    /// When it happened last.
    public var last: Timestamp
    /// How often it happened.
    public var count: Int
    /// Where it happened last.
    public var context: ErrorContext
    /// It speaks for all deliveries that met the error, and for errors that are about none; others have a row for each.
    public var isShared: Bool

    /// An error that happened at a time, `count` times.
    public init(
        id: RecordID, _ code: ErrorCode, _ context: ErrorContext, at time: Timestamp, count: Int = 1, isShared: Bool
    ) {
        self.id = id
        self.code = code.rawValue
        severity = code.severity
        message = code.message
        first = time
        last = time
        self.count = count
        self.context = context
        self.isShared = isShared || context.delivery == nil
    }

    /// A row as a store has it, of whatever version of the gateway.
    public init(
        id: RecordID, code: String, severity: ErrorSeverity, message: String,
        times: (first: Timestamp, last: Timestamp, count: Int), _ context: ErrorContext, isShared: Bool
    ) {
        self.id = id
        self.code = code
        self.severity = severity
        self.message = message
        (first, last, count) = times
        self.context = context
        self.isShared = isShared
    }

    /// Counts the same error once more: the row keeps its id and its first time.
    public mutating func add(_ later: Self) {
        count &+= later.count
        last = max(last, later.last)
        context = later.context
    }

    /// Hours since the Unix epoch: errors of one hour share rows.
    public var hour: Int64 { first.milliseconds / 3_600_000 }

    /// The delivery whose row it is; `nil` for a row that is shared.
    public var owner: RecordID? { isShared ? nil : context.delivery }

    /// For so long after it happened last a row is kept.
    public static let lifetime = Duration.seconds(30 * 86_400)
    /// How many rows are kept; beyond, the oldest go.
    public static let limit = 50_000
}

/// Where an error happened: ids, names of the configuration and codes, never a number or text.
public struct ErrorContext: Sendable, Hashable {
    /// Whose message it is about; empty for what the gateway met as a whole.
    public var tenant = ""
    /// The name under `channels:`; empty for none.
    public var channel = ""
    /// The name under `providers:`; empty for none.
    public var provider = ""
    /// The recipient's, ISO 3166 alpha-2; empty for none.
    public var country = ""
    /// The provider's own code, or the HTTP status of another system; zero for none.
    public var providerCode = 0
    /// The delivery.
    public var delivery: RecordID?
    /// Its message.
    public var message: RecordID?
    /// The index of the step, from 0.
    public var step: Int?
    /// The ordinal of the attempt, from 0.
    public var attempt: Int?

    /// The gateway as a whole.
    public init() {}
}

/// An error as it is met, before it has a place in the store.
public struct ErrorOccurrence: Sendable, Hashable {
    /// What went wrong.
    public var code: ErrorCode
    /// Where.
    public var context: ErrorContext
    /// How often.
    public var count: Int

    /// An error that was met `count` times.
    public init(_ code: ErrorCode, _ context: ErrorContext = ErrorContext(), count: Int = 1) {
        self.code = code
        self.context = context
        self.count = count
    }
}

extension [ErrorOccurrence] {
    /// So many different ones are told apart; what comes beyond them is not counted.
    public static var mostKinds: Int { 64 }

    /// Adds an error, to an equal one where there is one.
    public mutating func note(_ occurrence: ErrorOccurrence) {
        let place = firstIndex { $0.code == occurrence.code && $0.context == occurrence.context }
        if let place {
            self[place].count &+= occurrence.count
        } else if count < Self.mostKinds {
            append(occurrence)
        }
    }
}
