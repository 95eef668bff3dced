import JSON
import Templates

// Messages of the gateway's own: what rules send on, and what answers a person later than the webhook's answer.

extension ConfigurationDirectory {
    /// Whom a number means; `nil` where it may not be written to.
    public func person(behind number: String, _ contact: ContactRecord?) -> ResolvedRecipient? {
        try? recipient(number, contact)
    }

    /// A message that is routed as a caller's is; `nil` where its policy or content does not do.
    public func compose(
        _ envelope: Envelope, to person: ResolvedRecipient, as id: RecordID, now: Timestamp
    ) -> AcceptInput? {
        let routing = router.route(envelope, to: person, now: now)
        let job = DeliveryJob(
            delivery: id, message: id, created: now, envelope: envelope, recipient: person, policy: routing.policy,
            snapshot: runningHash, rule: routing.rule)
        let isRejected = routing.rejection != nil
        var plan = DeliveryPlan(policy: "", steps: [])
        if !isRejected {
            guard let found = self.plan(for: job), (try? bound(of: job, found)) != nil else { return nil }
            plan = found
        }
        let record = DeliveryRecord(id: id, message: id, body: JobCodec.delivery(job))
        var delivery = AcceptedDelivery(record: record, job: job, plan: plan, startsAt: routing.startsAt)
        delivery.needsReview = routing.needsReview
        let message = MessageRecord(id: id, created: now, body: JobCodec.message(envelope))
        var input = AcceptInput(message: message, deliveries: [delivery], answer: [])
        input.isRejected = isRejected
        return input
    }

    /// The text of a template for a kind of channel, with values by their dotted paths; `nil` where it has none, or cannot
    /// be filled.
    public func render(
        _ template: String, for kind: ChannelKind, locale: String?, _ variables: JSONObject
    ) -> String? {
        let fallback = configuration.gateway.defaultLocale
        guard
            let entry = configuration.templates[template]?.text(
                for: kind, locale: locale ?? fallback, fallback: fallback)
        else { return nil }
        let zone = ZoneCache.zone(configuration.gateway.timeZone)
        let context = TemplateContext(locale: entry.locale, zone: zone) { ContentRenderer.value($0, in: variables) }
        return try? entry.template.render(in: context)
    }

    /// A language model of the running configuration.
    public func assistant(_ name: String) -> AssistantDefinition? { configuration.assistants[name] }

    /// The `http:` of a rule that asks this URL; `nil` when the running configuration has none.
    public func request(ofRule rule: String, to url: String) -> RequestAction? {
        for step in configuration.inboundRules.first(where: { $0.name == rule })?.actions ?? [] {
            if case .request(let request) = step.action, request.url == url { return request }
        }
        return nil
    }
}
