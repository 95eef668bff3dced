import JSON

/// Writes a snapshot in the words of channels.yaml, so that the same readers read it back.
enum SnapshotWriter {
    static func value(of snapshot: ConfigurationSnapshot) -> JSONValue {
        object([
            ("format", .string(ConfigurationSnapshot.format)),
            ("default_locale", .string(snapshot.defaultLocale)),
            ("currency", .string(snapshot.currency)),
            ("channels", object(snapshot.channels.map { ($0.name, channel($0)) })),
            ("templates", object(snapshot.templates.map { ($0.name, template($0)) })),
            ("policies", object(snapshot.policies.map { ($0.name, policy($0)) })),
            ("prices", prices(snapshot.prices)),
        ])
    }

    /// Members without a value, and those that are null, are left out.
    static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(
            JSONObject(
                members.compactMap { name, value in
                    guard let value, value != .null else { return nil }
                    return (name, value)
                }))
    }

    private static func text(_ duration: Duration?) -> JSONValue? { duration.map { .string(ScalarText.text(of: $0)) } }

    private static func text(_ number: Int?) -> JSONValue? { number.map { .string(String($0)) } }

    // MARK: Channels, templates, prices

    private static func channel(_ channel: ConfigurationSnapshot.Channel) -> JSONValue {
        object([
            ("adapter", .string(channel.kind.rawValue)), ("provider", .string(channel.provider)),
            ("from", channel.sender.map { .string($0) }),
        ])
    }

    private static func template(_ template: TemplateDefinition) -> JSONValue {
        object([("text", template.text.map(localized))] + template.channels.map { ($0.kind.rawValue, own($0)) })
    }

    private static func own(_ own: ChannelTemplate) -> JSONValue {
        object([
            ("text", own.text.map(localized)), ("say", own.say.map(localized)),
            ("voicemail", own.voicemail.map(localized)),
            ("content_sid", own.contentIDs.isEmpty ? nil : object(own.contentIDs.map { ($0.locale, .string($0.id)) })),
            (
                "variables",
                own.variables.isEmpty ? nil : .array(own.variables.map { .string($0.template.text) })
            ),
        ])
    }

    private static func localized(_ text: LocalizedText) -> JSONValue {
        object(text.entries.map { ($0.locale, .string($0.template.text)) })
    }

    private static func prices(_ table: PriceTable) -> JSONValue {
        var items: [String] = []
        for entry in table.entries where !items.contains(entry.item) { items.append(entry.item) }
        return object(
            items.map { item in
                let directions = PriceTable.Direction.allCases.map { direction in
                    let lines = table.entries.filter { $0.item == item && $0.direction == direction }
                    return (direction.rawValue, prices(lines))
                }
                return (item, object(directions))
            })
    }

    private static func prices(_ lines: [PriceTable.Entry]) -> JSONValue? {
        guard let first = lines.first else { return nil }
        return object([("per", .string(first.unit.rawValue))] + lines.map { ($0.country, .string($0.price.text)) })
    }

    // MARK: Policies

    private static func policy(_ policy: PolicyDefinition) -> JSONValue {
        object([
            ("success", policy.ack.required ? nil : success(policy.success)),
            ("ack", acknowledgement(policy.ack)),
            ("expires", text(policy.expires)),
            ("catch_up_grace", text(policy.catchUpGrace)),
            ("max_calls", text(policy.maxCalls)),
            ("max_calls_total", text(policy.maxCallsTotal)),
            ("cooldown", text(policy.cooldown)),
            ("repeat", policy.repeats.map(repeats)),
            ("reopen_after", text(policy.reopenAfter)),
            ("budget", policy.budget.map(budget)),
            (policy.isBroadcast ? "broadcast" : "fallback", .array(policy.steps.map(step))),
            ("on_exhausted", exhausted(policy.onExhausted)),
            ("on_reject", .string(policy.onReject.rawValue)),
            ("review", policy.needsReview ? "required" : nil),
            ("review_within", text(policy.reviewWithin)),
        ])
    }

    private static func success(_ level: EvidenceLevel) -> JSONValue {
        .string(level == .sent ? "sent" : level == .read ? "read" : "delivered")
    }

    private static func acknowledgement(_ ack: AckSettings) -> JSONValue {
        object([
            ("required", .string(ack.required ? "true" : "false")), ("words", .array(ack.words.map { .string($0) })),
            ("scope", .string(ack.scope.rawValue)), ("ask_within", text(ack.askWithin)),
        ])
    }

    private static func exhausted(_ action: ExhaustedAction) -> JSONValue {
        switch action {
        case .nothing: "nothing"
        case .review: "review"
        case .webhook(let url): object([("webhook", .string(url))])
        case .policy(let name): object([("policy", .string(name))])
        }
    }

    private static func repeats(_ repeats: Repeats) -> JSONValue {
        object([("times", text(repeats.times)), ("gap", text(repeats.gap))])
    }

    private static func budget(_ budget: BudgetSettings) -> JSONValue {
        object([
            ("per_delivery", .string(budget.perDelivery.text)), ("on_budget", .string(budget.onBudget.rawValue)),
        ])
    }

    private static func step(_ step: StepDefinition) -> JSONValue {
        if let target = step.target {
            return object([
                ("target", .string(target.target.text)), ("policy", .string(target.policy)),
                ("ack_within", text(step.ackWithin)),
            ])
        }
        return object([
            ("channel", channels(step)), ("template", step.template.map { .string($0) }),
            ("submit_within", text(step.submitWithin)), ("lane_within", text(step.laneWithin)),
            ("queue_within", text(step.queueWithin)), ("deliver_within", text(step.deliverWithin)),
            ("read_within", text(step.readWithin)), ("ack_within", text(step.ackWithin)),
            ("ring_timeout", text(step.ringTimeout)), ("max_duration", text(step.maxDuration)),
            ("max_calls", text(step.maxCalls)), ("machine", .string(step.machine.rawValue)),
            ("quiet_hours", step.quietHours.map(quietHours)),
            ("media", step.requiresMedia ? "required" : nil), ("on_ambiguous", .string(step.onAmbiguous.rawValue)),
            (
                "outcomes",
                step.outcomes.isEmpty ? nil : object(step.outcomes.map { ($0.outcome.word, action($0.action)) })
            ),
            ("retry", object([("times", text(step.maxTries))])),
        ])
    }

    private static func channels(_ step: StepDefinition) -> JSONValue {
        step.otherChannels.isEmpty ? .string(step.channel) : .array(step.channels.map { .string($0) })
    }

    private static func quietHours(_ quiet: QuietHours) -> JSONValue {
        object([
            ("times", .string(quiet.times)), ("mode", .string(quiet.mode.rawValue)),
            ("override", quiet.override.map { .string($0.rawValue) }),
        ])
    }

    private static func action(_ action: OutcomeAction) -> JSONValue {
        switch action {
        case .next: "next"
        case .wait: "wait"
        case .stop: "stop"
        case .review: "review"
        case .policy(let name): object([("policy", .string(name))])
        case .retry(let after, let times):
            object([("retry", object([("after", text(after)), ("times", text(times))]))])
        }
    }
}
