import JSON
import Zones

/// What an entry of a timeline says to a person.
struct TimelineWords: Sendable, Hashable {
    var tone: Paint.Tone
    var text: String

    /// The words of an entry of `GET /v1/messages/{id}/timeline`. An event that this version does not know is shown with
    /// its members.
    /// - Parameter start: of the timeline, in milliseconds since 1970: times are told since then.
    init(_ entry: JSONValue, since start: Int64 = 0) {
        let event = entry["event"]?.string ?? ""
        self =
            Self.ofStep(event, entry, start) ?? Self.ofAttempt(event, entry) ?? Self.ofDelivery(event, entry)
            ?? TimelineWords(.plain, Self.unknown(event, entry))
    }

    private init(_ tone: Paint.Tone, _ text: String) {
        self.tone = tone
        self.text = text
    }

    private static func word(_ entry: JSONValue, _ key: String) -> String { entry[key]?.string ?? "unknown" }

    private static func code(_ entry: JSONValue) -> String {
        guard let code = entry["code"]?.int, code != 0 else { return "" }
        return ", code \(code)"
    }

    private static func ofStep(_ event: String, _ entry: JSONValue, _ start: Int64) -> TimelineWords? {
        guard let step = entry["step"]?.int else { return nil }
        switch event {
        case "started": return .init(.strong, "step \(step) starts")
        case "queued": return .init(.faint, "waits in line")
        case "held": return .init(.caution, "held: \(word(entry, "reason"))")
        case "skipped": return .init(.caution, "step \(step) skipped: \(word(entry, "reason"))")
        case "clock": return .init(.caution, "clock \(word(entry, "clock")) ran out")
        case "clock_set":
            let due = entry["due"]?.string.flatMap { try? DateText.parseRFC3339($0) } ?? start
            return .init(.faint, "clock \(word(entry, "clock")) runs to \(TimelinePrinter.span(due - start))")
        case "failed": return .init(.bad, "step \(step) is over: \(word(entry, "outcome"))")
        case "superseded": return .init(.faint, "step \(step) left behind, still heard")
        case "delegated":
            let target = word(entry, "channel")
            let way = target == "broadcast" ? "goes out on all channels at once" : "goes to \(target)"
            return .init(.plain, "step \(step) \(way)")
        case "delegation_ended": return delegationEnded(step, entry)
        default: return nil
        }
    }

    private static func delegationEnded(_ step: Int64, _ entry: JSONValue) -> TimelineWords {
        switch word(entry, "result") {
        case "satisfied": .init(.good, "step \(step) reached somebody")
        case "nobody": .init(.caution, "step \(step) has nobody to go to")
        default: .init(.caution, "step \(step) reached nobody who answered")
        }
    }

    private static func ofAttempt(_ event: String, _ entry: JSONValue) -> TimelineWords? {
        guard let attempt = entry["attempt"]?.int else { return nil }
        switch event {
        case "intent": return .init(.faint, "attempt \(attempt) is committed and goes out")
        case "submitted": return .init(.plain, "accepted by the provider")
        case "refused": return .init(.bad, "refused by the provider: \(word(entry, "class"))\(code(entry))")
        case "ambiguous": return .init(.caution, "no clear answer from the provider\(code(entry))")
        case "looked_up": return .init(.plain, "asked the provider: \(found(entry))")
        case "evidence": return evidence(entry)
        case "outcome": return .init(.bad, "ended: \(word(entry, "outcome"))\(code(entry))")
        case "call": return call(entry)
        case "bundled":
            let others = entry["with"]?.array?.compactMap(\.string) ?? []
            return .init(.plain, "one call, bundled with \(others.joined(separator: ", "))")
        case "details": return .init(.faint, "the provider adds: " + details(entry["details"]))
        case "replied": return .init(.plain, "a text may answer it: the provider is asked whether it went out")
        case "recalled": return .init(.faint, "recalled")
        case "possible_duplicate": return .init(.caution, "sent again: the person may get it twice")
        case "acknowledged":
            return .init(.good, "acknowledged by \(entry["by"]?.string == "key" ? "key 1" : "the person")")
        case "rejected": return .init(.bad, "refused by the person")
        case "priced": return .init(.faint, "the provider takes \(word(entry, "amount")) for attempt \(attempt)")
        default: return nil
        }
    }

    private static func found(_ entry: JSONValue) -> String {
        entry["found"]?.bool.map { $0 ? "it has the message" : "it does not know the message" } ?? "nothing certain"
    }

    private static func details(_ value: JSONValue?) -> String {
        let known = ["error", "channel_error"].compactMap { value?[$0]?.string }
        let other = [value?["unknown"], value?["other"]].compactMap { $0?.object }.flatMap(\.members)
        return (known + other.map { "\($0.key)=\($0.value.string ?? $0.value.text)" }).map(PlainText.line)
            .joined(separator: "; ")
    }

    private static func evidence(_ entry: JSONValue) -> TimelineWords {
        let level = word(entry, "level")
        let status = word(entry, "status")
        let tone: Paint.Tone = ["delivered", "read", "acknowledged"].contains(level) ? .good : .plain
        return .init(tone, status == level || status == "unknown" ? level : "\(level) (\(status))")
    }

    private static func call(_ entry: JSONValue) -> TimelineWords {
        switch word(entry, "progress") {
        case "ringing": .init(.plain, "rings")
        case "answered": .init(.good, "answered")
        default: .init(.plain, "call \(word(entry, "progress"))")
        }
    }

    private static func ofDelivery(_ event: String, _ entry: JSONValue) -> TimelineWords? {
        switch event {
        case "accepted": return .init(.plain, "stored")
        case "round_opened":
            return .init(.caution, "another round begins at \(word(entry, "starts"))")
        case "review_asked": return .init(.caution, "waits for approval until \(word(entry, "until"))")
        case "approved": return .init(.good, "approved")
        case "dismissed": return .init(.caution, "review dismissed")
        case "duplicate_exposure": return .init(.caution, "reached the person twice")
        case "acknowledged": return .init(.good, "acknowledged")
        case "rejected": return .init(.bad, "refused")
        case "ended":
            let state = word(entry, "state")
            let late = entry["late"]?.bool == true ? ", late" : ""
            let tone: Paint.Tone = successes.contains(state) ? .good : state == "cancelled" ? .caution : .bad
            return .init(tone, "done: \(state)\(late)")
        default: return nil
        }
    }

    /// States of a delivery that reached its goal.
    private static let successes: Set<String> = ["acked", "satisfied"]

    private static func unknown(_ event: String, _ entry: JSONValue) -> String {
        let shown = (entry.object?.members ?? []).filter { !["at", "delivery", "event", "channel"].contains($0.key) }
        return ([event] + shown.map { "\($0.key)=\($0.value.string ?? $0.value.text)" }).joined(separator: " ")
    }
}
