/// What becomes of a call to a handset.
struct VoiceScript: Sendable, Equatable {
    /// The ways a call can go on after ringing.
    enum Outcome: String, Sendable, Equatable, CaseIterable {
        case human, machine, fax
        case busy, declined, failed
        case noAnswer = "no_answer"

        /// Whether somebody or something picks up.
        var isAnswered: Bool { self == .human || self == .machine || self == .fax }
    }

    /// How long it rings, in milliseconds.
    var ring: Int64 = 5000
    /// What happens then.
    var outcome = Outcome.noAnswer
    /// The `AnsweredBy` that detection reports, where it errs.
    var detectedAs: String?
    /// How long detection takes, in milliseconds.
    var detection: Int64 = 2000
    /// How long a machine speaks before its beep, in milliseconds.
    var greeting: Int64 = 6000
    /// What the person does.
    var steps: [HandsetStep] = []

    /// Rings for long, then gives up: the behaviour of a handset without a script.
    static let unanswered = VoiceScript(ring: 20_000, outcome: .noAnswer)

    /// Makes a script of its parts.
    init(ring: Int64, outcome: Outcome, steps: [HandsetStep] = []) {
        self.ring = ring
        self.outcome = outcome
        self.steps = steps
    }

    /// Reads a mapping.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let keys = ["ring", "outcome", "answer", "detected_as", "detect", "greeting", "do"]
        let members = reader.members(node, of: "a voice script", keys: keys)
        outcome = Self.outcome(members, at: node, &reader)
        let isShort = outcome == .busy || outcome == .failed
        ring = reader.duration(members["ring"], "ring") ?? (isShort ? 1000 : outcome == .noAnswer ? 20_000 : 5000)
        detectedAs = reader.word(
            members["detected_as"], "detected_as",
            of: [
                "human", "machine", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other",
                "fax",
                "unknown",
            ])
        detection = reader.duration(members["detect"], "detect") ?? (outcome == .machine ? 4000 : 2000)
        greeting = reader.duration(members["greeting"], "greeting") ?? 6000
        if let list = members["do"] { steps = HandsetStep.list(list, &reader) }
    }

    private static func outcome(
        _ members: [String: ScriptNode], at node: ScriptNode, _ reader: inout ScriptReader
    ) -> Outcome {
        if members["outcome"] != nil && members["answer"] != nil {
            reader.report("conflict", "a call has an outcome or is answered, not both", at: node)
        }
        let answers = ["human", "machine", "fax"]
        if let word = reader.word(members["answer"], "answer", of: answers) {
            return Outcome(rawValue: word) ?? .human
        }
        let outcomes = ["busy", "no_answer", "declined", "failed"]
        if let word = reader.word(members["outcome"], "outcome", of: outcomes) {
            return Outcome(rawValue: word) ?? .noAnswer
        }
        let isMistaken = members["outcome"] != nil || members["answer"] != nil
        return isMistaken || members["do"] == nil ? .noAnswer : .human
    }
}

/// One thing that a person does during a call, or after it.
indirect enum HandsetStep: Sendable, Equatable {
    /// Listens for so many milliseconds, counted while the application's instructions run.
    case hear(Int64)
    /// Presses keys.
    case press(String)
    /// Says something.
    case say(String)
    /// Lets so many milliseconds pass.
    case wait(Int64)
    /// Hangs up.
    case hangup
    /// Calls the number back after so many milliseconds and does these things then.
    case callBack(after: Int64, steps: [HandsetStep])

    /// Reads the list below `do`.
    static func list(_ node: ScriptNode, _ reader: inout ScriptReader, depth: Int = 0) -> [HandsetStep] {
        guard depth < 8 else {
            reader.report("value", "calls back within calls back are limited to eight", at: node)
            return []
        }
        return reader.elements(node, of: "do").compactMap { step($0, &reader, depth) }
    }

    private static func step(_ node: ScriptNode, _ reader: inout ScriptReader, _ depth: Int) -> HandsetStep? {
        if case .scalar("hangup") = node.kind { return .hangup }
        let keys = ["hear", "press", "say", "wait", "hangup", "call_back"]
        let members = reader.members(node, of: "a step", keys: keys)
        guard members.count == 1, let (key, value) = members.first else {
            reader.report("conflict", "a step is one of \(keys.joined(separator: ", "))", at: node)
            return nil
        }
        switch key {
        case "hear": return reader.duration(value, key).map { .hear($0) }
        case "wait": return reader.duration(value, key).map { .wait($0) }
        case "say": return reader.text(value, key).map { .say($0) }
        case "press": return digits(value, &reader)
        case "call_back": return callBack(value, &reader, depth)
        default: return .hangup
        }
    }

    private static func digits(_ node: ScriptNode, _ reader: inout ScriptReader) -> HandsetStep? {
        guard let text = reader.text(node, "press") else { return nil }
        if isDigits(text) { return .press(text) }
        reader.report("value", "keys are 0-9, *, #, A-D, not '\(text)'", at: node)
        return nil
    }

    /// Whether a text is one to 100 keys of a handset.
    static func isDigits(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { "0123456789*#ABCD".utf8.contains($0) }
    }

    private static func callBack(
        _ node: ScriptNode, _ reader: inout ScriptReader, _ depth: Int
    ) -> HandsetStep? {
        let members = reader.members(node, of: "call_back", keys: ["after", "do"])
        let after = reader.duration(members["after"], "after") ?? 5000
        let steps = members["do"].map { list($0, &reader, depth: depth + 1) } ?? []
        return .callBack(after: after, steps: steps)
    }
}
