import Patterns

/// What a condition asks of its field's value, compiled: matching parses nothing.
public indirect enum Matcher: Sendable {
    /// Exactly this text; also the words of priorities, classes, channels, contacts and windows.
    case equals(String)
    /// `*` and `?`. The source is kept for indexes, `explain` and comparisons.
    case glob(source: String, Glob)
    /// `/regex/flags`, searched in the first 4 KiB. The source is without slashes.
    case pattern(source: String, flags: String, Pattern)
    /// Integers: counts, ranks of priorities, weekdays (0 is Sunday).
    case range(ClosedRange<Int>)
    case flag(Bool)
    case times(NamedTimes)
    case contains(Detector)
    /// One of them.
    case any([Matcher])
    /// All of them.
    case all([Matcher])
    case not(Matcher)

    /// The longest text that a pattern sees, in bytes. Card numbers and IBANs are looked for in all of it.
    public static let inputLimit = 4096

    /// Whether a value fits. A field that has no value fits only `not`.
    public func matches(_ value: MatchValue) -> Bool {
        switch (self, value) {
        case (.any(let matchers), _): matchers.contains { $0.matches(value) }
        case (.all(let matchers), _): matchers.allSatisfy { $0.matches(value) }
        case (.not(let matcher), _): !matcher.matches(value)
        case (.equals(let wanted), .text(let text)): wanted == text
        case (.glob(_, let glob), .text(let text)): glob.matches(text)
        case (.pattern(_, _, let pattern), .text(let text)): pattern.matches(text, limit: Self.inputLimit)
        case (.contains(let detector), .text(let text)): detector.finds(in: text)
        case (.range(let range), .number(let number)): range.contains(number)
        case (.flag(let wanted), .flag(let flag)): wanted == flag
        case (.times(let times), .localTime(let moment)): times.holds(at: moment)
        default: false
        }
    }
}

/// The value of a field, as a router hands it to a condition.
public enum MatchValue: Sendable, Hashable {
    /// channel, topic, class, policy, tenant, text, labels, number, country, contact id, boat, role, locale; and the
    /// words of `contact` (known, unknown, verified) and `window` (open, closed).
    case text(String)
    /// `media`: their count. `priority`: its rank. `weekday`: 0 is Sunday.
    case number(Int)
    /// `open_alert`.
    case flag(Bool)
    /// `local_time`.
    case localTime(LocalMoment)
    /// The field has no value.
    case absent
}

/// What `contains:` looks for.
public enum Detector: Sendable {
    case cardNumber
    case iban
    /// An entry under `patterns:`.
    case named(String, Pattern)

    /// The word in the file.
    public var word: String {
        switch self {
        case .cardNumber: "card_number"
        case .iban: "iban"
        case .named(let name, _): name
        }
    }

    /// Whether the text contains one.
    public func finds(in text: String) -> Bool {
        switch self {
        case .cardNumber: CardNumbers.found(in: text)
        case .iban: IBANs.found(in: text)
        case .named(_, let pattern): pattern.matches(text, limit: Matcher.inputLimit)
        }
    }
}
