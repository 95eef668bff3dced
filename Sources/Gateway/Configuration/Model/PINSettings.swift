/// `pin:`: how people prove that it is them who write. A number is easily forged, and a telephone easily lost.
public struct PINSettings: Sendable, Hashable {
    /// The template that asks for the PIN.
    public var ask: String
    /// The template for a wrong one; `nil` to ask again.
    public var wrong: String?
    /// The template for somebody who may not try for now; `nil` for no answer.
    public var locked: String?
    /// The template for somebody who has no PIN, or whose number is not known to be theirs; `nil` for a review.
    public var missing: String?
    /// How long a PIN holds, from a minute to a day.
    public var lasts = Duration.seconds(15 * 60)
    /// How long the question waits for an answer, from a minute to a day.
    public var within = Duration.seconds(10 * 60)
    /// Wrong ones before nobody may try from this number, 1 to 20.
    public var tries = 5
    /// How long a wrong one counts, from a minute to a day.
    public var lockout = Duration.seconds(3_600)

    /// The settings with their defaults.
    public init(ask: String) { self.ask = ask }
}
