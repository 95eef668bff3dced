import Crypto

/// The PIN of a contact, as the store keeps it: nobody reads it again.
public struct PINRecord: Sendable, Hashable {
    /// Salted and slow, see `SlowHash`.
    public var hash: String
    /// When it was set. Whoever proved themselves before proves nothing by that.
    public var since: Timestamp

    /// A row of `pin`.
    public init(hash: String, since: Timestamp) {
        self.hash = hash
        self.since = since
    }

    /// Hashes a PIN, which takes some 40 ms; `nil` when the system has no entropy.
    public init?(_ pin: PIN, since: Timestamp) {
        guard let hash = SlowHash.text(of: pin.digits) else { return nil }
        self.init(hash: hash, since: since)
    }

    /// Whether it is this one; takes some 40 ms.
    func matches(_ pin: PIN) -> Bool { SlowHash.matches(pin.digits, hash) }
}

/// Four to twelve digits with which a person proves that it is them.
public struct PIN: Sendable, Hashable {
    /// More is no PIN.
    public static let maxDigits = 12

    /// Without blanks and dashes.
    public let digits: String

    /// Blanks and dashes between the digits are passed over; `nil` for anything else.
    public init?(_ text: String) {
        var digits = ""
        for scalar in text.unicodeScalars {
            if scalar == "-" || scalar.properties.isWhitespace { continue }
            guard let value = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil else {
                return nil
            }
            digits += String(Int(value))
            guard digits.utf8.count <= Self.maxDigits else { return nil }
        }
        guard digits.utf8.count >= 4 else { return nil }
        self.digits = digits
    }

    /// One that is tried first: the same digit over and over, or one after another.
    public var isGuessed: Bool {
        let values = digits.utf8.map { Int($0) }
        return (-1...1).contains { step in zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step } }
    }
}

/// What the shell looked up for a person whom rules may ask for a PIN.
public struct PINCheck: Sendable, Hashable {
    /// How it is asked for.
    public var settings: PINSettings
    /// Since when the contact has its PIN.
    public var since: Timestamp
    /// What was written, where a PIN had been asked for and this may be one.
    public var entry: PINEntry?
}

/// What somebody wrote who had been asked for a PIN.
public struct PINEntry: Sendable, Hashable {
    /// It is the contact's.
    public var isRight: Bool
    /// What they had written before that needs the PIN.
    public var question: String
}

/// What is known of whether it is the person who writes.
public enum PINStanding: Sendable, Hashable {
    /// The contact has no PIN, or the number is not known to be theirs.
    case missing
    /// They may be asked for it.
    case unproven
    /// They proved it a while ago.
    case proven
    /// They prove it just now; what they had asked is answered.
    case answered
    /// They wrote something else just now when they had been asked for it.
    case refused(PINRefusal)
    /// They were wrong too often.
    case locked
}

/// What a wrong PIN leads to.
public enum PINRefusal: Sendable, Hashable {
    /// They may try again.
    case wrong
    /// They may not any more.
    case last
    /// They might not try at all; it may have been the right one.
    case locked
}
