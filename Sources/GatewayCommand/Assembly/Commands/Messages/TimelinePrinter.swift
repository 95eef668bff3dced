import JSON
import Zones

/// Writes timelines for people: time since the start, channel, what happened. Give it the same timeline again and it
/// writes only what is new.
///
/// ```
/// msg_0h9… began at 2026-11-23T18:31:00.250Z
///    +0.000s            stored
///    +0.004s  whatsapp  step 1 starts
/// ```
struct TimelinePrinter: Sendable {
    /// What was seen of one delivery.
    private struct Seen {
        var count = 0
        var isDone = false
        var step: Int64?
        var channels: [Int64: String] = [:]
        var steps: [Int64: Int64] = [:]
    }

    private let paint: Paint
    private var start: Int64?
    private var seen: [String: Seen] = [:]

    /// Width of the column of channels.
    private static let channelWidth = 10

    /// A printer that has seen nothing.
    init(paint: Paint) { self.paint = paint }

    /// Whether every delivery that was seen has ended; it can still be answered late.
    var isDone: Bool { !seen.isEmpty && seen.values.allSatisfy(\.isDone) }

    /// The lines of the entries that are new, without line feeds.
    /// - Parameter timeline: the answer of `GET /v1/messages/{id}/timeline`.
    mutating func lines(_ timeline: JSONValue) -> [String] {
        let entries = fresh(timeline)
        var lines: [String] = []
        if start == nil, let first = entries.first {
            start = Self.time(first)
            let id = PlainText.line(timeline["id"]?.string ?? "")
            lines.append(paint(.faint, "\(id) began at \(PlainText.line(first["at"]?.string ?? ""))"))
        }
        for entry in entries { lines.append(line(entry)) }
        return lines
    }

    /// The entries that are new, in the order of their times.
    mutating func fresh(_ timeline: JSONValue) -> [JSONValue] {
        var places: [String: Int] = [:]
        var fresh: [JSONValue] = []
        for entry in timeline["events"]?.array ?? [] {
            let delivery = entry["delivery"]?.string ?? ""
            places[delivery, default: 0] += 1
            if places[delivery, default: 0] > seen[delivery]?.count ?? 0 { fresh.append(entry) }
        }
        for (delivery, count) in places { seen[delivery, default: Seen()].count = count }
        for entry in fresh { note(entry) }
        let timed = fresh.enumerated().map { (index: $0.offset, time: Self.time($0.element), entry: $0.element) }
        return timed.sorted { ($0.time, $0.index) < ($1.time, $1.index) }.map(\.entry)
    }

    // MARK: lines

    private func line(_ entry: JSONValue) -> String {
        let delivery = entry["delivery"]?.string ?? ""
        let words = TimelineWords(entry, since: start ?? 0)
        var parts = [paint(.faint, Self.left(Self.span(Self.time(entry) - (start ?? 0))))]
        if seen.count > 1 { parts.append(paint(.faint, "…" + PlainText.line(String(delivery.suffix(4))))) }
        parts.append(PlainText.padded(PlainText.line(channel(entry, of: delivery)), Self.channelWidth))
        parts.append(paint(words.tone, PlainText.line(words.text)))
        return parts.joined(separator: "  ")
    }

    /// Of the entry, of its step, or of its attempt's step.
    private func channel(_ entry: JSONValue, of delivery: String) -> String {
        if let channel = entry["channel"]?.string { return channel }
        guard let seen = seen[delivery] else { return "" }
        let step = entry["step"]?.int ?? entry["attempt"]?.int.flatMap { seen.steps[$0] }
        return step.flatMap { seen.channels[$0] } ?? ""
    }

    private mutating func note(_ entry: JSONValue) {
        let event = entry["event"]?.string ?? ""
        let delivery = entry["delivery"]?.string ?? ""
        var state = seen[delivery] ?? Seen()
        if event == "ended" { state.isDone = true }
        if let step = entry["step"]?.int {
            if let channel = entry["channel"]?.string { state.channels[step] = channel }
            // An attempt belongs to the step that was in line for it.
            if event == "started" || event == "queued" { state.step = step }
        }
        if event == "intent", let attempt = entry["attempt"]?.int { state.steps[attempt] = state.step }
        seen[delivery] = state
    }

    // MARK: times

    private static func time(_ entry: JSONValue) -> Int64 {
        entry["at"]?.string.flatMap { try? DateText.parseRFC3339($0) } ?? 0
    }

    /// `+12.345s`, `+3m05.250s`, `+2h00m00s`, `+1d04h00m`.
    static func span(_ milliseconds: Int64) -> String {
        let clamped = max(0, milliseconds)
        let seconds = clamped / 1_000
        let exact = "." + String(1_000 + clamped % 1_000).dropFirst()
        switch seconds {
        case ..<60: return "+\(seconds)\(exact)s"
        case ..<3_600: return "+\(seconds / 60)m\(two(seconds % 60))\(exact)s"
        case ..<86_400: return "+\(seconds / 3_600)h\(two(seconds / 60 % 60))m\(two(seconds % 60))s"
        default: return "+\(seconds / 86_400)d\(two(seconds / 3_600 % 24))h\(two(seconds / 60 % 60))m"
        }
    }

    private static func two(_ number: Int64) -> String { String(String(100 + number).dropFirst()) }

    private static func left(_ text: String) -> String { String(repeating: " ", count: max(0, 11 - text.count)) + text }
}
