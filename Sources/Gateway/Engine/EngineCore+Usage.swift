import PhoneNumbers
import Zones

// What costs by the table of prices and is no attempt: messages and calls from people, stays in rooms, the rent of
// numbers. It is counted, and nothing denies it (docs/decisions/0058-what-is-used-is-counted-and-never-denied.md).

extension EngineCore {
    // MARK: people

    /// Whose budget pays for what a person sent: that of the newest alert it answers.
    func tenant(ofAlerts alerts: [DeliveryJob]) -> String { alerts.last?.envelope.tenant ?? Envelope.defaultTenant }

    /// A message came in.
    func book(_ message: InboundMessage, tenant: String) {
        guard countsCosts else { return }
        let isMMS = message.kind == .sms && !message.media.isEmpty
        var row = usage(
            isMMS ? "mms" : message.kind.rawValue, .in, over: channel(message.kind, of: message.to),
            number: message.to, tenant: tenant)
        row.attempts = 1
        row.estimate = price(of: row)?.micros(segments: max(1, SMSSegments.count(message.text).segments)) ?? 0
        book(row)
    }

    /// A call came in: it costs a minute at least, and what it costs more is known at its end.
    func book(_ call: InboundCall, tenant: String) {
        guard countsCosts, call.turn.isEmpty, call.purpose == Self.firstPurpose, call.token == nil else { return }
        var row = usage(of: call, tenant: tenant)
        row.attempts = 1
        row.estimate = price(of: row)?.micros(minutes: 1) ?? 0
        book(row)
        keepAnswer(
            AnswerRecord(key: Self.payer(of: call), body: Array(tenant.utf8), until: now + Self.answerLifetime))
    }

    /// A call from a person is over.
    func end(_ call: InboundCall, _ input: WebhookInput, _ ticket: Int) {
        guard let seconds = call.seconds else { return answer(.empty, input, ticket) }
        let key = "end:" + call.providerID
        if answerAgain(key, ticket) { return }
        if countsCosts { bookMinutes(Self.startedMinutes(seconds), of: call) }
        publishEnd(of: call, seconds: seconds, input)
        answer(.empty, input, ticket, key: key)
    }

    private func bookMinutes(_ minutes: Int, of call: InboundCall) {
        let payer = storedAnswer(Self.payer(of: call)).map { String(decoding: $0.body, as: UTF8.self) }
        let isBooked = payer != nil
        // Nobody talked, and its first request never came.
        guard isBooked || minutes > 0 else { return }
        var row = usage(of: call, tenant: payer ?? Envelope.defaultTenant)
        let entry = price(of: row)
        row.attempts = isBooked ? 0 : 1
        row.estimate = (entry?.micros(minutes: minutes) ?? 0) &- (isBooked ? entry?.micros(minutes: 1) ?? 0 : 0)
        book(row)
    }

    /// The path's last word where a call begins.
    private static let firstPurpose = "inbound"

    /// Under which it is kept whose budget pays for a call: at its end the alert that it answered is no open one any more.
    private static func payer(of call: InboundCall) -> String { "payer:" + call.providerID }

    private func usage(of call: InboundCall, tenant: String) -> CostRecord {
        usage(ChannelKind.voice.rawValue, .in, over: channel(.voice, of: call.to), number: call.to, tenant: tenant)
    }

    // MARK: rooms

    /// Somebody left a room.
    func take(_ stay: RoomStay, _ input: WebhookInput, _ ticket: Int) {
        let key = "stay:" + stay.providerID
        if answerAgain(key, ticket) { return }
        publish(stay, input)
        if countsCosts { book(stay) }
        answer(.empty, input, ticket, key: key)
    }

    private func book(_ stay: RoomStay) {
        let kind = ChannelKind.video.rawValue
        var row = usage(kind, .use, over: directory.roomChannel ?? kind, number: "", tenant: stay.tenant)
        row.attempts = 1
        row.estimate = price(of: row)?.micros(minutes: Self.startedMinutes(stay.seconds)) ?? 0
        book(row)
    }

    // MARK: conferences

    /// Somebody was in a conference for so long, called at a number.
    func bookConference(seconds: Int, over channel: String, number: String, tenant: String) {
        var row = usage("conference", .out, over: channel, number: number, tenant: tenant)
        row.attempts = 1
        row.estimate = price(of: row)?.micros(minutes: Self.startedMinutes(seconds)) ?? 0
        book(row)
    }

    // MARK: numbers

    /// Days for which a rent is counted later, when nothing ran.
    private static let oldestRent = 62

    /// Counts the rent of the gateway's numbers: each day's share of the month's price, so that a budget of days is not
    /// spent on the first of a month. What was counted is what the store has: a day is never counted twice.
    func bookRents() {
        guard countsCosts, rentsDue.map({ $0 <= now }) ?? true else { return }
        beginCostDay()
        rentsDue = directory.start(ofDay: costSums.day + 1)
        var seen: Set<String> = []
        for lane in directory.lanes where lane.sender.hasPrefix("+") && seen.insert(lane.sender).inserted {
            bookRent(lane)
        }
    }

    private func bookRent(_ lane: LaneSettings) {
        let kind = "number"
        var row = usage(kind, .use, over: lane.channel, number: lane.sender, tenant: Envelope.defaultTenant)
        guard let entry = price(of: row), entry.unit == .month, entry.price.micros != 0 else { return }
        let today = row.day
        let last = readNow { () throws(StoreError) in try store.lastCostDay(ofKind: kind, over: lane.channel) }
        // It cannot be read: the next turn asks again.
        guard let last else { return rentsDue = nil }
        let first = last.map { max($0 + 1, today - Self.oldestRent) } ?? today
        for day in stride(from: first, through: today, by: 1) {
            row.day = day
            row.estimate = Self.rent(of: entry.price.micros, on: CivilDate(daysSinceEpoch: day))
            book(row)
        }
    }

    /// A day's share of a month's price, so that the shares of a month are its price.
    static func rent(of micros: Int64, on date: CivilDate) -> Int64 {
        let days = Int64(CivilDate.days(inMonth: date.month, year: date.year))
        func through(_ day: Int) -> Int64 { micros / days * Int64(day) + micros % days * Int64(day) / days }
        return through(date.day) - through(date.day - 1)
    }

    // MARK: rows

    /// Nothing lasts longer than a month, whatever is reported: the sums stay far from what an integer holds.
    private static func startedMinutes(_ seconds: Int) -> Int { (min(max(seconds, 0), 31 * 86_400) + 59) / 60 }

    /// The channel of a sender; its kind where the configuration has no such channel any more.
    private func channel(_ kind: ChannelKind, of sender: String) -> String {
        directory.lanes.first { $0.kind == kind && $0.sender == sender }?.channel ?? kind.rawValue
    }

    /// A row of today without figures. Providers bill by the country of the number that they rent out.
    private func usage(
        _ kind: String, _ direction: PriceTable.Direction, over channel: String, number: String, tenant: String
    ) -> CostRecord {
        beginCostDay()
        return CostRecord(
            day: costSums.day, tenant: tenant, policy: "", channel: channel,
            country: (try? E164(parsing: number))?.country ?? "", kind: kind, direction: direction)
    }

    private func price(of row: CostRecord) -> PriceTable.Entry? {
        directory.price(of: row.kind, row.direction, over: row.channel, country: row.country)
    }

    func book(_ row: CostRecord) {
        if row.day == costSums.day { alert(row.spent) { $0.subject(ofTenant: row.tenant) } }
        turn.batch.costs.append(row)
        count(row.spent, on: row.day) { $0.subject(ofTenant: row.tenant) }
    }
}

extension BudgetDefinition {
    /// With whose spending a tenant's usage counts; it has neither a policy nor a recipient.
    fileprivate func subject(ofTenant tenant: String) -> CostSubject? {
        switch scope {
        case .gateway: CostSubject(scope: scope, name: "")
        case .tenant: only.isEmpty || only.contains(tenant) ? CostSubject(scope: scope, name: tenant) : nil
        case .policy, .recipient: nil
        }
    }
}
