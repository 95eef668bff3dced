import Gateway
import JSON
import Zones

/// The answer of `explain` for a person.
struct ExplanationText {
    private let configuration: GatewayConfiguration
    private let paint: Paint

    /// - Parameter configuration: tells which field a condition is about.
    init(_ configuration: GatewayConfiguration, _ paint: Paint) {
        self.configuration = configuration
        self.paint = paint
    }

    /// A part for each recipient.
    func text(_ explanation: JSONValue) -> String {
        (explanation["recipients"]?.array ?? []).map { recipient in
            (head(recipient) + rules(recipient) + decision(recipient) + plan(recipient)).map { $0 + "\n" }.joined()
        }.joined(separator: "\n")
    }

    private func word(_ value: JSONValue, _ key: String) -> String { PlainText.line(value[key]?.string ?? "") }

    // MARK: recipient and rules

    private func head(_ recipient: JSONValue) -> [String] {
        let country = recipient["country"]?.string ?? "no country"
        let facts = "\(country), \(word(recipient, "time_zone")), locale \(word(recipient, "locale"))"
        return ["\(paint(.strong, "To " + word(recipient, "to"))): \(facts)", ""]
    }

    private func rules(_ recipient: JSONValue) -> [String] {
        let rules = recipient["rules"]?.array ?? []
        let width = rules.map { word($0, "name").count }.max() ?? 0
        return [paint(.strong, "Rules, in the order in which they were tried")]
            + rules.map { rule in
                let matches = rule["matched"]?.bool == true
                let verdict = matches ? paint(.good, "matches") : "no: \(reason(rule))"
                return "  \(PlainText.padded(word(rule, "name"), width))  \(verdict)"
            } + [""]
    }

    /// The first condition that did not hold, with its field.
    private func reason(_ rule: JSONValue) -> String {
        let failing = rule["failing"]?.string ?? ""
        let conditions = configuration.outboundRules.first { $0.name == rule["name"]?.string }?.when ?? []
        let field = conditions.first { $0.source == failing }?.field.word
        return (field.map { PlainText.line($0) + ": " } ?? "") + PlainText.line(failing) + " does not hold"
    }

    // MARK: decision

    private func decision(_ recipient: JSONValue) -> [String] {
        let rule = word(recipient, "rule")
        if recipient["rejected"] != nil {
            return [paint(.bad, "Rejected by the rule '\(rule)': \(word(recipient, "rejected"))")]
        }
        let clock = LocalClock(zone: ZoneCache.zone(recipient["time_zone"]?.string ?? "UTC"))
        var lines = [paint(.strong, "Policy '\(word(recipient, "policy"))'") + ", by the rule '\(rule)'"]
        if let within = recipient["review_within"]?.string {
            lines.append(paint(.caution, "  review   somebody must approve it within \(PlainText.line(within))"))
        }
        if let starts = LocalClock.time(recipient["starts"]) { lines.append("  starts   \(clock.full(starts))") }
        if let expires = LocalClock.time(recipient["expires"]) { lines.append("  expires  \(clock.full(expires))") }
        let cost = MoneyText.text(recipient["cost_bound"])
        if !cost.isEmpty { lines.append("  costs    at most \(PlainText.line(cost))") }
        lines += budgets(recipient)
        guard recipient["plan"] != nil else { return lines + [paint(.bad, "  there is no such policy")] }
        return lines + [""]
    }

    /// What the delivery counts against, with what is left where a running gateway tells it.
    private func budgets(_ recipient: JSONValue) -> [String] {
        (recipient["budgets"]?.array ?? []).map { budget in
            let scope = word(budget, "of")
            let subject = budget[scope] == nil ? "" : " of \(scope) \(word(budget, scope))"
            let limits = ["day", "month"].compactMap { period in
                budget["per_" + period]?.string.map { limit in
                    let left = budget["left_" + period]?.string.map { "\(PlainText.line($0)) left of " } ?? ""
                    return "\(left)\(PlainText.line(limit)) a \(period)"
                }
            }
            let passes = budget["stops"]?.bool == false ? "; does not stop this message" : ""
            return "  budget   '\(word(budget, "name"))'\(subject): \(limits.joined(separator: ", "))\(passes)"
        }
    }

    // MARK: plan

    private func plan(_ recipient: JSONValue) -> [String] {
        guard let steps = recipient["plan"]?.array, let starts = LocalClock.time(recipient["starts"]) else { return [] }
        let clock = LocalClock(zone: ZoneCache.zone(recipient["time_zone"]?.string ?? "UTC"))
        var schedule = StepSchedule(starts: starts)
        var lines = [paint(.strong, "Plan, while nobody answers")]
        for (index, step) in steps.enumerated() {
            lines += self.step(index + 1, step, schedule, clock)
            schedule.pass(step)
        }
        return lines + ["", paint(.faint, Self.note)]
    }

    private static let note =
        "A step that fails moves on at once. Waiting in line, holds and quiet hours move the times back."

    private func step(_ number: Int, _ step: JSONValue, _ schedule: StepSchedule, _ clock: LocalClock) -> [String] {
        let channel = PlainText.padded(word(step, "channel"), 10)
        var lines = [
            "  \(number). \(paint(.strong, channel)) \(clock.span(schedule.earliest, schedule.latest, schedule.starts))"
        ]
        let clocks = (step["clocks"]?.object?.members ?? []).map { "\($0.key) \($0.value.string ?? "")" }
        if !clocks.isEmpty { lines.append("     " + paint(.faint, PlainText.line(clocks.joined(separator: ", ")))) }
        if let senders = step["senders"]?.array {
            let names = senders.map { "\(word($0, "channel")) (\(word($0, "provider")))" }
            lines.append("     the first that is up: " + PlainText.line(names.joined(separator: ", ")))
        }
        if let reason = step["skipped"]?.string {
            lines.append("     " + paint(.caution, "skipped: \(PlainText.line(reason))"))
        }
        if step["quiet_hours"] != nil { lines.append("     " + paint(.caution, "quiet hours now: skipped")) }
        if let until = LocalClock.time(step["quiet_until"]) {
            lines.append("     " + paint(.caution, "quiet hours now: waits until \(clock.full(until))"))
        }
        if let segments = step["segments"]?.int {
            lines.append("     \(segments) segment\(segments == 1 ? "" : "s"), \(word(step, "encoding"))")
        }
        if let policy = step["policy"]?.string, let people = step["people"]?.int {
            lines.append(
                "     at most \(people) \(people == 1 ? "person" : "people"), each by policy '\(PlainText.line(policy))'"
            )
        }
        if let channels = step["channels"]?.int { lines.append("     \(channels) channels at once") }
        guard let text = step["text"]?.string else { return lines }
        return lines + PlainText.lines(text).map { "     " + paint(.plain, "| " + $0) }
    }
}
