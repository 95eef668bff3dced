import Testing

@testable import Gateway

@Suite("Reading every kind of value")
struct EverythingTests {
    private func read() throws -> GatewayConfiguration {
        let text = try TestFiles.text(TestFiles.folder.appending(path: "Examples/everything.yaml"))
        let reading = TestCatalogue.read(
            text, environment: ["SEED": "7", "TOKEN_FILE": "token"],
            files: ["store.txt": "memory:\n", "token": "abc\r\n"])
        let codes: Set = [
            "ack_clock_without_ack", "budget_without_price", "not_enforced", "read_clock_without_read",
        ]
        #expect(Set(reading.diagnostics.map(\.code)) == codes)
        return try #require(reading.configuration)
    }

    @Test("listeners, store and defaults")
    func gateway() throws {
        let gateway = try read().gateway
        #expect(gateway.publicListener.host == "::")
        #expect(gateway.publicListener.text == "[::]:8443")
        #expect(gateway.publicListener.certificateFile == "cert.pem")
        #expect(gateway.privateListener.port == 0)
        #expect(gateway.publicURL == "https://gateway.example.com")
        #expect(gateway.store == .memory)
        #expect(gateway.defaultLocale == "de-CH")
        #expect(gateway.currency == "CHF")
        #expect(gateway.perPerson.calls == Allowance(count: 3, window: .seconds(86_400)))
        #expect(gateway.perPerson.texts == Allowance(count: 5, window: .seconds(3_600)))
        #expect(gateway.perPerson.override == .high)
        var limits = CapacityLimits()
        limits.freeDisk = 2 << 30
        limits.memory = 768 << 20
        limits.waiting = 5_000
        limits.delay = .seconds(3)
        #expect(gateway.limits == limits)
        #expect(gateway.subscriptions.allowsPrivate)
        #expect(gateway.subscriptions.maxAge == .seconds(7 * 86_400))
        var redis = RedisSettings(url: "rediss://a:b@redis.example.com/2", stream: "events:{a}")
        (redis.maxLength, redis.types, redis.from, redis.caFile) = (5_000, ["message.*"], .start, "ca.pem")
        #expect(gateway.redis == redis)
    }

    @Test("countries, where NO is Norway and no boolean")
    func countries() throws {
        let countries = try read().countries
        #expect(countries.allowed == ["CH", "NO", "SY"])
        #expect(countries.sanctioned == [])
        #expect(countries.allows("NO"))
        #expect(!countries.allows(nil))
        #expect(countries.receipts.quality(channel: "sms", country: "CH") == .reliable)
        #expect(countries.receipts.quality(channel: "sms", country: "NO") == .weak)
        #expect(countries.receipts.quality(channel: "voice", country: "NO") == .reliable)
    }

    @Test("providers, with a secret from a file without its line end and one without a value")
    func providers() throws {
        let configuration = try read()
        let main = try #require(configuration.providers["main"])
        #expect(main.adapter == "twilio")
        #expect(main.api == .simulator)
        #expect(main["account_sid"] == nil)
        #expect(main["auth_token"] == "abc")
        #expect(main.limits == LimitSettings(rate: 50, concurrency: 200))
        let spare = try #require(configuration.providers["spare"])
        #expect(spare.limits == LimitSettings())
        #expect(spare.api == .url("http://127.0.0.1:9000", isStandIn: true))
        #expect(spare["auth_token"] == "t${x}")
    }

    @Test("tenants with their limits")
    func tenants() throws {
        let tenants = try read().tenants
        #expect(tenants.names == ["shop", "mail"])
        #expect(tenants["shop"]?.limits == LimitSettings(rate: 1.5, concurrency: 10))
        #expect(tenants["mail"]?.limits == LimitSettings(concurrency: 1))
    }

    @Test("times as hours, and as the time intervals of Alertmanager")
    func times() throws {
        let times = try read().times
        #expect(times["nights"]?.ranges == [DailyRange(start: 1_320, end: 420)])
        var days = DayFilter()
        days.weekdays = 0b111_1110
        days.daysOfMonth = [(1, 5), (-3, -1), (15, 15)].compactMap { DaysOfMonth(first: $0.0, last: $0.1) }
        days.months = [1, 2, 3, 5, 10].reduce(0) { $0 | 1 << $1 }
        days.years = [2027...2030, 2032...2032]
        #expect(days.daysOfMonth.count == 3)
        #expect(
            times["season"]?.ranges == [
                DailyRange(start: 480, end: 720, days: days, location: "Europe/Zurich"),
                DailyRange(start: 780, end: 1_440, days: days, location: "Europe/Zurich"),
            ])
    }

    @Test("how warranties are reminded of, the longest lead time first")
    func warranties() throws {
        #expect(
            try read().warranties
                == WarrantySettings(
                    leadTimes: [90, 7, 0], minute: 1_110, topic: "warranty.near", template: "due", role: .all,
                    priority: .high))
    }

    @Test("which files that people send are taken")
    func media() throws {
        var settings = MediaSettings()
        settings.maxSize = 20 << 20
        settings.types = ["image/*", "application/pdf"]
        settings.linkLifetime = .seconds(7_200)
        settings.keep = .seconds(90 * 86_400)
        #expect(try read().media == settings)
    }

    @Test("channels, their senders in one form and their rates")
    func channels() throws {
        let channels = try read().channels
        #expect(channels["sms"]?.sender == SenderSettings(address: "70070", type: "short_code"))
        #expect(channels["sms"]?.rate == 100)
        #expect(channels["sms"]?.requiresConsent == true)
        #expect(channels["uk"]?.sender?.address == "NaviDocs")
        #expect(channels["uk"]?.rate == 0.5)
        #expect(channels["whatsapp"]?.sender?.address == "+41791234567")
        #expect(channels["voice"]?.rate == 2)
        #expect(channels["voice"]?.concurrency == 5)
        #expect(channels["video"]?.sender == nil)
    }

    @Test("texts fall back from fr-CH to fr to the default")
    func texts() throws {
        let template = try #require(try read().templates["due"])
        let text = { (locale: String) in template.text(for: .sms, locale: locale, fallback: "de-CH")?.template.text }
        #expect(text("fr-CH") == "{{ item }} échu")
        #expect(text("fr") == "{{ item }} fällig")
        #expect(text("it") == "{{ item }} fällig")
        #expect(template.spoken(for: .voice, locale: "de", fallback: "de-CH")?.template.text == "{{ item }} ist fällig")
        #expect(template.own(.whatsapp)?.contentID(for: "en", fallback: "de-CH")?.id == "HX1")
        #expect(template.own(.whatsapp)?.variables.map(\.template.text) == ["item", "end | date"])
    }

    @Test("policies, steps and their outcomes")
    func policies() throws {
        let configuration = try read()
        let all = try #require(configuration.policies["all"])
        #expect(all.success == .sent)
        #expect(all.expires == .seconds(3 * 86_400))
        #expect(all.catchUpGrace == .zero)
        #expect(all.onExhausted == .webhook("https://example.com/hook"))
        let step = try #require(all.steps.first)
        #expect(step.deliverWithin == .seconds(5400))
        #expect(step.onAmbiguous == .resend)
        #expect(step.maxTries == 3)
        #expect(step.action(on: .undelivered) == .policy("called"))
        #expect(step.action(on: .timeout) == .retry(after: .seconds(300), times: 2))
        #expect(step.action(on: .busy) == .next)
        let called = try #require(configuration.policies["called"])
        #expect(called.ack == AckSettings(required: true, words: ["ok"], scope: .message, askWithin: .seconds(120)))
        #expect(called.maxCalls == 3)
        #expect(called.steps.first?.quietHours == QuietHours(times: "nights", mode: .skip, override: .high))
        #expect(called.expires(for: .critical) == .seconds(6 * 3600))
    }

    @Test("rules, menus, prices and the simulator's section with its variables replaced")
    func rest() throws {
        let configuration = try read()
        #expect(configuration.outboundRules[1].deferral == Deferral(times: ["nights", "office"]))
        #expect(configuration.outboundRules[0].action == .reject("no"))
        let steps = configuration.inboundRules[1].actions
        #expect(steps.count == 14)
        #expect(steps[5].action == .tag(["warranty", "2027"]) && steps[5].when.map(\.field) == [.contact])
        #expect(steps[6].action == .optOut(isForAll: false))
        #expect(
            steps[7].action
                == .forward(
                    ForwardAction(target: .number("+41791234567"), template: "due", policy: "all", priority: .high)))
        let request = RequestAction(
            url: "https://example.com/answers", secret: Array("7".utf8), body: "due", within: .seconds(20),
            reply: "due",
            otherwise: "due")
        #expect(steps[8].action == .request(request))
        #expect(
            steps[9].action
                == .assist(
                    AssistAction(assistant: "model", mode: .send, otherwise: "due", history: 4, documents: 2)))
        let task = TaskCreation(
            queue: "sales", priority: 7,
            attributes: [.init(name: "skill", value: "boats"), .init(name: "level", value: "3")])
        #expect(steps[11].action == .task(task))
        #expect(steps[10].needsPIN && !steps[9].needsPIN)
        var pin = PINSettings(ask: "due")
        (pin.wrong, pin.locked, pin.missing) = ("due", "due", "due")
        (pin.lasts, pin.within, pin.tries, pin.lockout) = (.seconds(1_800), .seconds(300), 3, .seconds(7_200))
        #expect(configuration.pin == pin)
        let assistant = try #require(configuration.assistants["model"])
        #expect(assistant.key == "7" && assistant.maxTokens == 300 && assistant.perDay?.text == "5.00 CHF")
        let menu = try #require(configuration.menus["main"])
        try check(menu)
        #expect(configuration.prices.price(of: "sms", .out, country: "NO")?.price.text == "0.08 CHF")
        #expect(configuration.prices.price(of: "sms", .out, country: "FR")?.price.text == "0.40 CHF")
        #expect(configuration.prices.price(of: "voice", .out, country: "CH") == nil)
        // A channel's own price comes before that of its kind.
        #expect(configuration.prices.price(over: "uk", of: .sms, country: "NO")?.price.text == "0.50 CHF")
        #expect(configuration.prices.price(over: "sms", of: .sms, country: "NO")?.price.text == "0.08 CHF")
        #expect(configuration.policies["escalated"]?.steps[0].channel == "sms")
        #expect(configuration.policies["escalated"]?.steps[0].otherChannels == ["uk"])
        #expect(configuration.simulator?["seed"]?.text == "7")
    }

    private func check(_ menu: MenuDefinition) throws {
        #expect(menu.prompt.play == "https://gateway.example/hello.mp3" && menu.prompt.say != nil)
        #expect(menu.voices == ["de": "Polly.Vicki", "en": "Polly.Amy"] && menu.repeats == 2)
        #expect(menu.gather == GatherSettings(digits: 2, timeout: .seconds(5), takesSpeech: true))
        let opening = try #require(menu.opening)
        #expect(opening.times == "nights" && menu.step(at: MenuPlace(.closed))?.prompt.say != nil)
        guard case .dial(let dial)? = menu.step(at: menu.choice(of: "*"))?.next else {
            Issue.record("no dial")
            return
        }
        #expect(dial.numbers == ["+41791234567", "+41791234568"] && dial.ring == .seconds(20) && dial.isInTurn)
        #expect(dial.whisper != nil && dial.mustAccept && dial.records && dial.otherwise != nil)
        guard case .voicemail(let voicemail)? = menu.step(at: MenuPlace(.finally))?.next else {
            Issue.record("no voicemail")
            return
        }
        #expect(voicemail == Voicemail(limit: .seconds(60), review: "silent", isTranscribed: true))
        guard case .menu(let name)? = menu.step(at: menu.choice(of: "99"))?.next else {
            Issue.record("no menu")
            return
        }
        #expect(name == "main")
        #expect(menu.options[1].words == ["Tschüss", "good bye"] && menu.options[3].step.language == "en")
        #expect(menu.options.map(\.step.needsPIN) == [true, false, false, false])
    }

    @Test("workers, queues and workflows")
    func routing() throws {
        let configuration = try read()
        let step = configuration.inboundRules[1].actions[12].action
        #expect(step == .task(TaskCreation(queue: "", priority: 0, attributes: [], workflow: "service")))
        let routing = configuration.taskRouting
        let ann = try #require(routing.workers["ann"])
        #expect(ann.capacity == 3 && ann["skills"] == .list([.text("boats"), .text("warranty")]))
        #expect(ann["languages"] == .list([.text("de")]) && ann["name"] == .text("ann"))
        #expect(ann["level"] == .number(2) && ann["office"] == .text("2") && ann["night"] == .boolean(true))
        let ben = try #require(routing.workers["ben"])
        #expect(ben.capacity == 1 && ben["level"] == .number(1.5) && ben["night"] == nil)
        let sales = try #require(routing.queues["sales"])
        #expect(sales.order == .roundRobin && sales.reservationTimeout == .seconds(20))
        #expect(sales.serviceLevel == .seconds(60) && routing.eligible(for: sales).map(\.name) == ["ann"])
        let everybody = try #require(routing.queues["everybody"])
        #expect(everybody.order == .longestIdle && everybody.reservationTimeout == .seconds(30))
        #expect(routing.eligible(for: everybody).map(\.name) == ["ann", "ben"])
        let service = try #require(routing.workflows["service"])
        let taken: [String: AttributeValue] = ["skill": .text("boats"), "media": .number(0)]
        let steps = service.steps { taken[$0] }
        #expect(steps.map(\.queue) == ["sales", "everybody", "everybody"] && steps.map(\.priority) == [5, nil, 1])
        #expect(steps.map(\.timeout) == [.seconds(120), .seconds(3_600), nil])
        #expect(steps.map(\.skipsWithoutWorker) == [true, false, false])
        #expect(service.steps { _ in nil }.map(\.queue) == ["everybody"])
    }

    @Test("budgets of days and months")
    func budgets() throws {
        let budgets = try read().budgets
        #expect(budgets.names == ["everything", "shops", "chains", "people"])
        let everything = try #require(budgets["everything"])
        #expect(everything.scope == .gateway)
        #expect(everything.perDay?.text == "50.00 CHF")
        #expect(everything.perMonth?.text == "900.00 CHF")
        #expect(everything.alerts == [50, 90])
        #expect(everything.override == .high)
        #expect(everything.overridingClasses == [.emergency])
        #expect(everything.action == .block)
        let shops = try #require(budgets["shops"])
        #expect(shops.scope == .tenant && shops.only == ["shop"] && shops.perDay == nil && shops.action == .review)
        #expect(shops.alerts == [80, 100] && shops.override == .critical)
        let chains = try #require(budgets["chains"])
        #expect(chains.only == ["all", "called"] && chains.action == .skip)
        #expect(chains.override == nil && chains.overridingClasses.isEmpty)
        #expect(budgets["people"]?.scope == .recipient)
    }

    @Test("groups, schedules, and the policies that use them")
    func people() throws {
        let configuration = try read()
        #expect(configuration.groups["crew"]?.contacts == ["anna", "ben_2"])
        #expect(
            configuration.schedules["duty"]?.shifts == [
                .init(times: "nights", target: .contact("anna")), .init(times: nil, target: .group("crew")),
            ])
        let steps = try #require(configuration.policies["escalated"]).steps
        #expect(
            steps.map(\.target) == [
                nil, TargetDefinition(target: .schedule("duty"), policy: "crew"),
                TargetDefinition(target: .group("crew"), policy: "called"),
                TargetDefinition(target: .contact("captain-1"), policy: "crew"),
            ])
        #expect(steps[1].ackWithin == .seconds(600))
        let crew = try #require(configuration.policies["crew"])
        #expect(crew.isBroadcast)
        #expect(crew.reopenAfter == .seconds(14_400))
        let later = try #require(configuration.policies["later"])
        #expect(later.repeats == Repeats(times: 2, gap: .seconds(900)))
        #expect(later.maxCallsTotal == 4)
        #expect(later.cooldown == .seconds(120))
        #expect(crew.cooldown == .seconds(60))
        #expect(later.budget?.perDelivery.micros == 600_000)
        #expect(later.budget?.onBudget == .block)
        #expect(later.needsReview)
        #expect(later.reviewWithin == .seconds(8 * 3600))
        #expect(!crew.needsReview && crew.reviewWithin == nil)
        #expect(configuration.outboundRules.map(\.needsReview) == [false, false, true, false])
    }
}
