/// Colours on a terminal, nothing elsewhere (https://no-color.org).
struct Paint: Sendable, Hashable {
    /// What a colour says.
    enum Tone: String, Sendable, CaseIterable {
        case good = "32"
        case bad = "31"
        case caution = "33"
        case strong = "1"
        case faint = "2"
        case plain = ""
    }

    /// Whether escape sequences are written.
    let isOn: Bool

    /// Writes no escape sequences.
    static let off = Paint(isOn: false)

    init(isOn: Bool) { self.isOn = isOn }

    /// Colours where somebody looks and did not set `NO_COLOR` to anything, nor `TERM` to `dumb`.
    init(isTerminal: Bool, environment: [String: String]) {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        isOn = isTerminal && !isUnwanted && environment["TERM"] != "dumb"
    }

    /// The text in a tone.
    func callAsFunction(_ tone: Tone, _ text: String) -> String {
        isOn && tone != .plain && !text.isEmpty ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
    }
}
