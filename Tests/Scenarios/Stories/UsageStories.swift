import Forms
import Gateway
import HTTP
import JSON
import MemoryStore
import Testing
import Zones

@testable import Server

@Suite("Stories of what is used: messages and calls from people, rooms, numbers")
struct UsageStories {
    private static let owner = "+12025550142"
    private static let sender = StoryConfiguration.sender
    private static let chains = """
          first: { fallback: [{ channel: sms, template: alert }] }
          asks: { ack: { required: true }, fallback: [{ channel: sms, template: alert, ack_within: 20m }] }
          calls: { ack: { required: true }, fallback: [{ channel: voice, template: alert }] }
        """
    private static let prices = """
        sms: { out: { per: segment, "*": 0.05 USD }, in: { per: segment, "*": 0.01 USD } },
        mms: { in: { per: message, "*": 0.02 USD } }, whatsapp: { in: { per: message, "*": 0.003 USD } },
        voice: { out: { per: minute, "*": 0.1 USD }, in: { per: minute, CH: 0.0075 USD, "*": 9 USD } }
        """

    private func story(
        _ budgets: String = "all: { per_month: 99 USD }, t: { of: tenant, per_day: 9 USD }",
        prices: String = Self.prices
    ) -> StoryConfiguration {
        var story = StoryConfiguration(Self.chains)
        story.begins = "2026-10-31T23:00:00Z"
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.sections = """
            prices: { \(prices.split(separator: "\n").joined(separator: " ")) }
            budgets: { \(budgets) }
            """
        return story
    }

    private func write(_ gateway: VirtualGateway, _ text: String, with fields: JSONObject = [:]) throws {
        var body: JSONObject = ["to": .string(Self.sender), "body": .string(text)]
        for (name, value) in fields.members { body[name] = value }
        try gateway.control("POST", "phones/\(Self.owner)/text", .object(body))
        gateway.run(for: .seconds(2))
    }

    private func call(_ gateway: VirtualGateway, hears span: String) throws {
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            ["to": .string(Self.sender), "do": [["hear": .string(span)], "hangup"]])
        gateway.run(for: .seconds(600))
    }

    private func rows(_ gateway: VirtualGateway, _ kind: String) throws -> [CostRecord] {
        try gateway.records.costs(from: 0, through: 99_999).filter { $0.kind == kind }
    }

    private func row(_ gateway: VirtualGateway, _ kind: String) throws -> CostRecord {
        let rows = try rows(gateway, kind)
        try #require(rows.count == 1, "\(rows)")
        return rows[0]
    }

    /// What `GET /v1/costs` answers.
    private func costs(_ gateway: VirtualGateway, _ query: String) throws -> JSONValue {
        let request = HTTPRequest(method: "GET", target: "/v1/costs?" + query)
        let views = CostViews(records: gateway.records, directory: gateway.directory)
        return try views.costs(CostQuery(request, today: gateway.directory.date(of: gateway.now)))
    }

    private static let november = CivilDate(year: 2026, month: 11, day: 1)?.daysSinceEpoch ?? 0

    // MARK: the scenarios of the requirements

    @Test("a tenth of the month of five boats costs 0.6395: three texts, nine minutes of calls, three days of a number")
    func fiveBoats() throws {
        var story = story()
        story.sections = try StoryConfiguration.shipped("prices") + "\nbudgets: { all: { per_month: 99 USD } }"
        story.phones = [
            "default": [
                "sms": ["deliver": "1s", "reply": ["after": "5s", "text": "OK"]],
                "voice": ["ring": "2s", "answer": "human", "do": [["hear": "8s"], ["press": "1"]]],
            ]
        ]
        let gateway = try VirtualGateway(story)
        for number in 0..<12 {
            let policy = number < 3 ? "asks" : "calls"
            let id = try gateway.send([
                "to": .string("+1202555010\(number % 10)"), "template": "alert", "policy": .string(policy),
                "variables": ["item": "Bilge pump"],
            ])
            gateway.run(for: .seconds(120))
            #expect(try gateway.phase(id) == .acked, gateway.told(id))
        }
        gateway.run(until: gateway.directory.start(ofDay: Self.november + 3) + .seconds(-1))
        let answer = try costs(gateway, "from=2026-11-01&to=2026-11-30&by=kind,direction")
        let spent = (answer["data"]?.array ?? []).map { row in
            ["kind", "direction", "spent"].map { row[$0]?.string ?? "" }
                + ["attempts", "settled"].map { String(row[$0]?.int ?? -1) }
        }
        #expect(
            spent == [
                ["number", "use", "0.50", "0", "0"], ["sms", "in", "0.00", "3", "0"],
                ["sms", "out", "0.0225", "3", "3"], ["voice", "out", "0.117", "9", "9"],
            ])
        #expect(answer["total"]?["spent"]?.string == "0.6395")
        #expect(try costs(gateway, "by=direction,kind")["data"]?[0]?["direction"]?.string == "in")
    }

    // MARK: people

    @Test("a text from a person costs its segments, MMS and WhatsApp their own price, and a repeated webhook nothing")
    func texts() throws {
        let gateway = try VirtualGateway(story())
        try write(gateway, String(repeating: "a", count: 200))
        try write(gateway, "look", with: ["media": ["https://example.org/a.jpg"]])
        try write(gateway, "hello", with: ["channel": "whatsapp"])
        let sms = try row(gateway, "sms")
        #expect([sms.attempts, Int(sms.estimate), Int(sms.spent)] == [1, 20_000, 20_000])
        #expect([sms.tenant, sms.policy, sms.channel, sms.country] == ["default", "", "sms", "CH"])
        #expect(sms.direction == .in)
        #expect(try row(gateway, "mms").estimate == 20_000)
        #expect(try row(gateway, "mms").channel == "sms")
        #expect(try row(gateway, "whatsapp").estimate == 3_000)
        let before = try gateway.records.costs(from: 0, through: 99_999)
        for message in gateway.received { _ = gateway.repeatWebhook(message.request) }
        gateway.run(for: .seconds(5))
        #expect(try gateway.records.costs(from: 0, through: 99_999) == before)
    }

    @Test("a call from a person costs its started minutes, once, however often its end is told")
    func calls() throws {
        let gateway = try VirtualGateway(story())
        try call(gateway, hears: "130s")
        let voice = try row(gateway, "voice")
        #expect([voice.attempts, Int(voice.estimate)] == [1, 3 * 7_500])
        #expect(voice.direction == .in)
        #expect(voice.channel == "voice")
        for document in gateway.received { _ = gateway.repeatWebhook(document.request) }
        gateway.run(for: .seconds(5))
        #expect(try row(gateway, "voice") == voice)
    }

    @Test(
        "the end of a call that is lost leaves its first minute, and one whose beginning was lost is counted by its end"
    )
    func halves() throws {
        var story = story()
        story.faults = [["kind": "callback", "what": "lost", "path": "Calls", "times": 1]]
        let gateway = try VirtualGateway(story)
        try call(gateway, hears: "130s")
        #expect(try row(gateway, "voice").estimate == 7_500)
        let end = UnheardCall.end(sid: "CA" + String(repeating: "7", count: 32), seconds: 61)
        gateway.submit(.webhook(end, ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(1))
        #expect(try row(gateway, "voice").estimate == 3 * 7_500)
        #expect(try row(gateway, "voice").attempts == 2)
        let nobody = UnheardCall.end(sid: "CA" + String(repeating: "8", count: 32), seconds: 0)
        gateway.submit(.webhook(nobody, ticket: gateway.takeTicket()))
        gateway.run(for: .seconds(1))
        #expect(try row(gateway, "voice").attempts == 2)
    }

    @Test("a spent budget stops no answer from a person, whose cost counts and is told of")
    func neverDenied() throws {
        let gateway = try VirtualGateway(story("all: { per_day: 0.051 USD, alerts: [100] }"))
        let id = try gateway.send([
            "to": .string(Self.owner), "template": "alert", "policy": "asks", "variables": ["item": "Bilge pump"],
        ])
        gateway.run(for: .seconds(5))
        try write(gateway, "OK")
        #expect(try gateway.phase(id) == .acked, gateway.told(id))
        let told = gateway.notices.filter { if case .budget = $0 { true } else { false } }
        #expect(told == [.budget("all", of: "", .day, percent: 100)])
        try write(gateway, "and more")
        #expect(try rows(gateway, "sms").filter { $0.direction == .in }.map(\.attempts) == [2])
        let next = try gateway.send(LaneStories.alert(1))
        gateway.run(for: .seconds(5))
        #expect(try gateway.phase(next) == .blockedBudget)
    }

    @Test("an answer to an alert is paid by the alert's tenant, everything else by the default one")
    func tenants() throws {
        let gateway = try VirtualGateway(story())
        let alert: JSONValue = [
            "to": .string(Self.owner), "template": "alert", "policy": "asks", "variables": ["item": "Bilge pump"],
        ]
        try write(gateway, "first")
        for answers in 0..<2 {
            _ = try gateway.send(alert, tenant: "shop")
            gateway.run(for: .seconds(5))
            if answers == 0 { try write(gateway, "OK") } else { try callAboutAlert(gateway) }
        }
        try write(gateway, "last")
        let inbound = try (rows(gateway, "sms") + rows(gateway, "voice")).filter { $0.direction == .in }
        #expect(inbound.map(\.tenant) == ["default", "shop", "shop"])
        #expect(inbound.map(\.attempts) == [2, 1, 1])
        #expect(inbound.map(\.estimate) == [20_000, 10_000, 2 * 7_500])
    }

    /// Hears the alert three times and confirms it: the call's end finds no open alert any more.
    private func callAboutAlert(_ gateway: VirtualGateway) throws {
        let again: [JSONValue] = [["hear": "25s"], ["press": "2"]]
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            ["to": .string(Self.sender), "do": .array(again + again + [["hear": "25s"], ["press": "1"]])])
        gateway.run(for: .seconds(600))
    }

    @Test("what people send counts for the gateway and the tenant, and for no policy and no recipient")
    func scopes() throws {
        let gateway = try VirtualGateway(
            story(
                "all: { per_day: 9 USD }, t: { of: tenant, per_day: 9 USD }, p: { of: policy, per_day: 0.001 USD }, "
                    + "r: { of: recipient, per_day: 0.001 USD }"))
        try write(gateway, "hello")
        let views = CostViews(records: gateway.records, directory: gateway.directory)
        let budgets = try views.budgets(on: gateway.directory.date(of: gateway.now))["data"]?.array ?? []
        let spent = budgets.map { budget in (budget["spent"]?.array ?? []).map { $0["day"]?.string ?? "" } }
        #expect(spent == [["0.01"], ["0.01"], [], []])
        #expect(gateway.notices.allSatisfy { if case .budget = $0 { false } else { true } })
    }

    @Test("without budgets nothing that comes in is counted or kept for it")
    func uncounted() throws {
        var free = story()
        free.sections = ""
        let gateway = try VirtualGateway(free)
        try write(gateway, "hello")
        try call(gateway, hears: "70s")
        #expect(try gateway.records.costs(from: 0, through: 99_999).isEmpty)
        let ends = gateway.received.filter { $0.request.url.hasSuffix("voice/status") }
        #expect(ends.count == 1)
        let call = Form(parsing: ends.first?.request.body ?? [])["CallSid"] ?? ""
        #expect(try gateway.store.answer("payer:" + call) == nil)
        // That it ended is told others all the same.
        #expect(try gateway.events(["call.ended"]).map(\.subject) == [call])
    }

    // MARK: rooms and numbers

    @Test("a stay in a room costs its started minutes, once, and its tenant pays")
    func rooms() throws {
        let gateway = try VirtualGateway(story(prices: #"video: { use: { per: participant_minute, "*": 0.02 USD } }"#))
        let stay = RoomStay(providerID: "PA1", tenant: "shop", seconds: 61)
        let request = Gateway.WebhookRequest(
            method: "POST", target: "/webhooks/twilio/video/status", headers: [], body: [])
        for _ in 0..<2 {
            let input = WebhookInput(event: .stayed(stay), request: request, provider: "twilio")
            gateway.submit(.webhook(input, ticket: gateway.takeTicket()))
            gateway.run(for: .seconds(1))
        }
        let video = try row(gateway, "video")
        #expect([video.attempts, Int(video.estimate)] == [1, 40_000])
        #expect([video.tenant, video.channel, video.direction.rawValue] == ["shop", "video", "use"])
        let events = try gateway.events(["room.left"])
        #expect(events.map(\.tenant) == ["shop"] && events.first?.data["seconds"]?.int == 61)
        #expect(events.first?.alias == "twilio.video.status")
    }

    private static let rent = #"number: { use: { per: month, CH: 5 USD, "*": 9 USD } }"#

    @Test(
        "a number's rent is its price over a month, whatever died in between, and one number of three channels is one")
    func rents() throws {
        let gateway = try VirtualGateway(story(prices: Self.rent))
        gateway.store.failNextCommit(with: StoreError(.full, "planned"))
        gateway.run(for: .seconds(40 * 3_600))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(20 * 3_600))
        gateway.store.failNextRead(.lastCostDay, with: StoreError(.full, "planned"))
        gateway.run(for: .seconds(6 * 86_400))
        // A week without a process: the number is rented all the same.
        gateway.crash()
        gateway.run(for: .seconds(7 * 86_400))
        try gateway.restart()
        gateway.run(until: gateway.directory.start(ofDay: Self.november + 30) + .seconds(-1))
        let rents = try rows(gateway, "number")
        #expect(rents.map(\.day) == (0..<30).map { Self.november + $0 })
        #expect(rents.reduce(0) { $0 + $1.spent } == 5_000_000)
        #expect(Set(rents.map(\.estimate)).isSubset(of: [166_666, 166_667]))
        #expect(Set(rents.map(\.channel)).count == 1)
        #expect(Set(rents.map(\.country)) == ["CH"])
    }

    @Test("a day's share of a rent is counted once, also over reloads")
    func reloaded() throws {
        let gateway = try VirtualGateway(story(prices: Self.rent))
        for _ in 0..<3 {
            try gateway.reload(story(prices: Self.rent))
            gateway.run(for: .seconds(60))
        }
        #expect(try rows(gateway, "number").map(\.estimate) == [166_666])
    }
}

/// The end of a call from a person of which nothing was heard before.
private enum UnheardCall {
    static func end(sid: String, seconds: Int) -> WebhookInput {
        var call = InboundCall(
            providerID: sid, from: "+12025550142", to: StoryConfiguration.sender, purpose: "status")
        call.call = .ended
        call.seconds = seconds
        let request = Gateway.WebhookRequest(
            method: "POST", target: "/webhooks/twilio/voice/status", headers: [], body: [])
        return WebhookInput(event: .call(call), request: request, provider: "twilio")
    }
}
