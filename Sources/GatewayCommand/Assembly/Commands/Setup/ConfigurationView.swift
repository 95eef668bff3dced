import Gateway
import JSON

/// A configuration as `config print` shows it: resolved, with defaults, without secrets.
enum ConfigurationView {
    /// What stands in place of a secret that is set.
    static let secret = "(set)"

    static func value(of configuration: GatewayConfiguration) -> JSONValue {
        let kept = (try? JSONValue(parsing: configuration.snapshot()))?.object ?? JSONObject()
        return object([
            ("gateway", gateway(configuration.gateway)),
            ("countries", object([("allow", strings(configuration.countries.allowed))])),
            ("times", object(configuration.times.map { ($0.name, $0.value) })),
            ("providers", object(configuration.providers.map { ($0.name, provider($0)) })),
            ("channels", object(configuration.channels.map { ($0.name, channel($0)) })),
            ("groups", object(configuration.groups.map { ($0.name, strings($0.contacts.map { "contact:" + $0 })) })),
            ("schedules", object(configuration.schedules.map { ($0.name, schedule($0)) })),
            (
                "tenants",
                configuration.tenants.isEmpty
                    ? .none : object(configuration.tenants.map { ($0.name, object(limits($0.limits))) })
            ),
            ("templates", kept["templates"]),
            ("policies", kept["policies"]),
            (
                "rules",
                object([
                    ("outbound", .array(configuration.outboundRules.map(rule))),
                    ("inbound", .array(configuration.inboundRules.map(rule))),
                ])
            ),
            ("menus", strings(configuration.menus.names)),
            ("prices", kept["prices"]),
            (
                "budgets",
                configuration.budgets.isEmpty ? .none : object(configuration.budgets.map { ($0.name, budget($0)) })
            ),
            ("workers", workers(configuration.taskRouting)), ("queues", queues(configuration.taskRouting)),
            (
                "workflows",
                configuration.taskRouting.workflows.isEmpty ? .none : strings(configuration.taskRouting.workflows.names)
            ),
            ("hash", .string(configuration.hash)),
        ])
    }

    static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(JSONObject(members.compactMap { name, value in value.map { (name, $0) } }))
    }

    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    // MARK: sections

    private static func gateway(_ settings: GatewaySettings) -> JSONValue {
        object([
            (
                "listen",
                object([
                    ("public", .string(settings.publicListener.text)),
                    ("private", .string(settings.privateListener.text)),
                    ("simulator", (settings.simulatorListener?.text).map(JSONValue.string)),
                ])
            ),
            ("public_url", settings.publicURL.map(JSONValue.string)),
            ("store", .string(store(settings.store))),
            ("time_zone", .string(settings.timeZone)),
            ("default_locale", .string(settings.defaultLocale)),
            ("currency", .string(settings.currency)),
            ("per_person", exposureLimits(settings.perPerson)), ("limits", limits(settings.limits)),
            ("subscriptions", subscriptions(settings.subscriptions)), ("redis", settings.redis.map(redis)),
            ("documents", settings.documents.map(documents)),
        ])
    }

    private static func redis(_ settings: RedisSettings) -> JSONValue {
        object([
            ("url", .string(secret)), ("stream", .string(settings.stream)),
            ("max_length", settings.maxLength.map(JSONValue.int)),
            ("types", settings.types.isEmpty ? nil : strings(settings.types)),
            ("from", .string(settings.from.rawValue)),
            ("ca_file", settings.caFile.map(JSONValue.string)),
        ])
    }

    private static func documents(_ settings: MeilisearchSettings) -> JSONValue {
        object([
            ("index", "meilisearch"), ("url", .string(settings.url)),
            ("key", settings.key.isEmpty ? .none : .string(secret)), ("index_name", .string(settings.index)),
            ("within", .string(settings.within.written)),
        ])
    }

    private static func subscriptions(_ settings: SubscriptionSettings) -> JSONValue? {
        guard settings != SubscriptionSettings() else { return nil }
        return object([
            ("allow_private", .bool(settings.allowsPrivate)),
            ("max_age", settings.maxAge.map { .string($0.written) }),
        ])
    }

    private static func exposureLimits(_ limits: ExposureLimits) -> JSONValue? {
        guard limits != ExposureLimits() else { return nil }
        return object([
            ("calls", limits.calls.map { .string($0.text) }), ("texts", limits.texts.map { .string($0.text) }),
            ("override", (limits.override?.rawValue).map(JSONValue.string)),
        ])
    }

    private static func limits(_ limits: CapacityLimits) -> JSONValue {
        object([
            ("free_disk", .string(CapacityLimits.written(limits.freeDisk))),
            ("memory", limits.memory.map { .string(CapacityLimits.written($0)) }),
            ("waiting", .int(limits.waiting)), ("delay", .string(limits.delay.written)),
        ])
    }

    /// The URL of a database may hold a password.
    private static func store(_ location: StoreLocation) -> String {
        switch location {
        case .sqlite(let path): "sqlite:" + path
        case .memory: "memory:"
        case .postgres: "postgres:" + secret
        }
    }

    private static func schedule(_ schedule: ScheduleDefinition) -> JSONValue {
        .array(
            schedule.shifts.map { shift in
                object([("times", shift.times.map(JSONValue.string)), ("target", .string(shift.target.text))])
            })
    }

    private static func provider(_ provider: ProviderSettings) -> JSONValue {
        let known = ProgramCatalogue.value.provider(provider.adapter)?.keys ?? []
        // A key that nobody declared harmless is a secret.
        let settings = provider.settings.map { setting in
            let isOpen = known.contains { $0.name == setting.key && !$0.isSecret }
            return (setting.key, Optional(JSONValue.string(isOpen ? setting.value : secret)))
        }
        return object(
            [("adapter", .string(provider.adapter))] + settings + [("api", .string(api(provider.api)))]
                + limits(provider.limits))
    }

    private static func limits(_ limits: LimitSettings) -> [(String, JSONValue?)] {
        [
            ("rate", limits.rate.map { .string(rate($0)) }),
            ("concurrency", limits.concurrency.map(JSONValue.int)),
        ]
    }

    private static func api(_ endpoint: ProviderEndpoint) -> String {
        switch endpoint {
        case .simulator: "simulator"
        case .url(let url, _): url
        case .builtIn: "builtin"
        }
    }

    private static func channel(_ channel: ChannelSettings) -> JSONValue {
        object([
            ("adapter", .string(channel.kind.rawValue)), ("provider", .string(channel.provider)),
            ("from", (channel.sender?.address).map(JSONValue.string)),
            ("type", (channel.sender?.type).map(JSONValue.string)),
            ("rate", .string(rate(channel.rate))), ("concurrency", channel.concurrency.map(JSONValue.int)),
            ("requires_consent", channel.requiresConsent ? true : .none),
        ])
    }

    /// `1/s`, `0.5/s`.
    private static func rate(_ perSecond: Double) -> String {
        let text = "\(perSecond)"
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "/s"
    }

    private static func budget(_ budget: BudgetDefinition) -> JSONValue {
        let override = [budget.override?.rawValue].compactMap { $0 } + budget.overridingClasses.map(\.rawValue)
        return object([
            ("of", .string(budget.scope.rawValue)), ("only", budget.only.isEmpty ? .none : strings(budget.only)),
            ("per_day", budget.perDay.map { .string($0.text) }),
            ("per_month", budget.perMonth.map { .string($0.text) }),
            ("alerts", .array(budget.alerts.map(JSONValue.int))), ("override", strings(override)),
            ("on_budget", .string(budget.action.rawValue)),
        ])
    }

    // MARK: rules

    private static func rule(_ rule: OutboundRule) -> JSONValue {
        var members: [(String, JSONValue?)] = [("name", .string(rule.name)), ("when", when(rule.when))]
        switch rule.action {
        case .policy(let name): members.append(("policy", .string(name)))
        case .reject(let message): members.append(("reject", .string(message)))
        case .none: break
        }
        if rule.deferral != nil { members.append(("defer", "until_end")) }
        if rule.needsReview { members.append(("review", "required")) }
        if rule.continues { members.append(("continue", true)) }
        return object(members)
    }

    private static func rule(_ rule: InboundRule) -> JSONValue {
        object([
            ("name", .string(rule.name)), ("when", when(rule.when)), ("do", .array(rule.actions.map(step))),
            ("continue", rule.continues ? true : .none),
        ])
    }

    private static func when(_ conditions: [Condition]) -> JSONValue? {
        conditions.isEmpty ? .none : object(conditions.map { ($0.field.word, .string($0.source)) })
    }

    private static func step(_ step: InboundStep) -> JSONValue {
        guard var members = action(step.action).object else { return action(step.action) }
        members["when"] = when(step.when)
        if step.needsPIN { members["pin"] = true }
        return .object(members)
    }

    private static func action(_ action: InboundAction) -> JSONValue {
        switch action {
        case .acknowledge: "acknowledge"
        case .ignore: "ignore"
        case .review(let kind): object([("review", .string(kind))])
        case .reply(let template): object([("reply", .string(template))])
        case .menu(let name): object([("menu", .string(name))])
        case .emit(let event): object([("emit", .string(event))])
        case .tag(let tags): object([("tag", strings(tags))])
        case .optOut(let isForAll): object([("opt_out", isForAll ? "all" : "sender")])
        case .forward(let forward): object([("forward", self.forward(forward))])
        case .request(let request): object([("http", self.request(request))])
        case .task(let task):
            object([
                (
                    "task",
                    object([
                        ("queue", .string(task.queue)), ("priority", .int(task.priority)),
                        ("attributes", object(task.attributes.map { ($0.name, .string($0.value)) })),
                    ])
                )
            ])
        case .assist(let assist):
            object([
                (
                    "assist",
                    object([
                        ("with", .string(assist.assistant)), ("mode", .string(assist.mode.rawValue)),
                        ("otherwise", assist.otherwise.map(JSONValue.string)), ("history", .int(assist.history)),
                        ("documents", .int(assist.documents)),
                    ])
                )
            ])
        case .search(let search):
            object([
                (
                    "search",
                    object([
                        ("type", search.type.map(JSONValue.string)), ("limit", .int(search.limit)),
                        ("reply", .string(search.reply)), ("none", search.none.map(JSONValue.string)),
                        ("unverified", search.unverified.map(JSONValue.string)),
                        ("within", .string(search.within.written)),
                    ])
                )
            ])
        }
    }

    private static func forward(_ forward: ForwardAction) -> JSONValue {
        let target =
            switch forward.target {
            case .number(let number): number
            case .people(let target): target.text
            }
        return object([
            ("to", .string(target)), ("template", forward.template.map(JSONValue.string)),
            ("policy", forward.policy.map(JSONValue.string)), ("priority", .string(forward.priority.rawValue)),
        ])
    }

    private static func request(_ request: RequestAction) -> JSONValue {
        object([
            ("url", .string(request.url)), ("secret", request.secret.map { _ in .string(secret) }),
            ("body", request.body.map(JSONValue.string)), ("within", .string(request.within.written)),
            ("reply", request.reply.map(JSONValue.string)), ("otherwise", request.otherwise.map(JSONValue.string)),
        ])
    }
}
