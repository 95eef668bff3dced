import Forms
import Gateway
import JSON

extension Twilio: LookUpProvider {
    /// How far Twilio's clock, in whole seconds, may be behind ours.
    static let clockSkew = Duration.seconds(30)
    /// How far our clock may have been wrong when a request left. An equal text of that time, of which we know nothing,
    /// may be the one that is looked for.
    static let clockError = Duration.seconds(3_900)
    /// Pages of one look-up; a list that does not end before says nothing.
    static let maxPages = 20

    /// The list of the recipient's messages or calls, newest first.
    ///
    /// Without a date filter: it goes by the time of sending, and what waits in Twilio's queue has none yet, so it
    /// would be taken for absent and sent twice.
    public func lookUpRequest(for outbound: OutboundRequest, since: Timestamp) -> ProviderRequest {
        var query = Form()
        switch outbound {
        case .message(let message):
            query.append("To", address(message.to, message.kind))
            if !Self.isService(message.from) { query.append("From", address(message.from, message.kind)) }
            query.append("PageSize", "50")
            return get(endpoints.account + "/Messages.json?" + query.text)
        case .call(let call):
            query.append("To", call.to)
            query.append("From", call.from)
            query.append("PageSize", "50")
            return get(endpoints.account + "/Calls.json?" + query.text)
        case .room(let room): return roomRequest(named: room.name)
        }
    }

    /// Matches by recipient, sender, content and time; a list that cannot be read to its end is no answer.
    public func lookUpResult(
        of answer: ProviderAnswer, for outbound: OutboundRequest, since: Timestamp, taken: Set<String>
    ) -> LookUpStep {
        guard case .answered(let status, _, let body) = answer, let document = try? JSONValue(parsing: body) else {
            return .done(.unanswered)
        }
        let list: String
        switch outbound {
        case .message: list = "messages"
        case .call: list = "calls"
        case .room: return .done(roomFound(document, status: status))
        }
        guard status == 200, let entries = document[list]?.array else { return .done(.unanswered) }
        let earliest = since + (.zero - Self.clockSkew)
        let isCall = list == "calls"
        // That nothing is found permits another text, but never another call.
        let doubtful = isCall ? earliest : earliest + (.zero - Self.clockError)
        var isUnclear = false
        for entry in entries {
            let likeness = likeness(entry, outbound)
            guard likeness != .other, let resource = entry.object, let sid = resource["sid"]?.string, Self.isSid(sid),
                !taken.contains(sid)
            else { continue }
            // What has no date yet is newer than everything that has one.
            let created = Self.created(entry) ?? .distantFuture
            if created < doubtful { continue }
            guard created >= earliest, likeness == .same else {
                isUnclear = true
                continue
            }
            var report = isCall ? Self.callReport(resource) : Self.messageReport(resource)
            report.providerID = sid
            return .done(.found(providerID: sid, report: report))
        }
        return isUnclear ? .done(.unclear) : after(document, entries: entries, earliest: doubtful)
    }

    private func roomFound(_ document: JSONValue, status: Int) -> LookUpResult {
        if status == 404 { return .absent }
        guard status == 200, let sid = document["sid"]?.string, Self.isSid(sid) else { return .unanswered }
        var report = AttemptReport(.accepted, status: .accepted)
        report.providerID = sid
        return .found(providerID: sid, report: report)
    }

    /// The next page, unless everything on this one is older than the request.
    private func after(_ document: JSONValue, entries: [JSONValue], earliest: Timestamp) -> LookUpStep {
        guard let next = document["next_page_uri"]?.string, !next.isEmpty else { return .done(.absent) }
        let isOld = entries.allSatisfy { entry in Self.created(entry).map { $0 < earliest } ?? false }
        if isOld, !entries.isEmpty { return .done(.absent) }
        // Nothing but a page of our own account is followed.
        let isPlain = next.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isPlain, next.hasPrefix(endpoints.accountPath + "/"), !next.contains(".."), !entries.isEmpty else {
            return .done(.unanswered)
        }
        let page = Form(query: next.drop { $0 != "?" }.dropFirst())["Page"].flatMap { Int($0) } ?? 0
        return page < Self.maxPages ? .next(get(endpoints.root + next)) : .done(.unanswered)
    }

    // MARK: matching

    /// Whether an entry of a list is what was asked for.
    private enum Likeness { case same, perhaps, other }

    private func likeness(_ entry: JSONValue, _ outbound: OutboundRequest) -> Likeness {
        guard entry["direction"]?.string.map({ $0 == "outbound-api" }) ?? true else { return .other }
        switch outbound {
        case .message(let message):
            guard entry["to"]?.string == address(message.to, message.kind), isSender(message, entry["from"]?.string)
            else { return .other }
            return Self.likeness(entry["body"]?.string ?? "", message)
        case .call(let call):
            return entry["to"]?.string == call.to && entry["from"]?.string == call.from ? .same : .other
        case .room: return .other
        }
    }

    /// A service picks its sender later.
    private func isSender(_ message: MessageRequest, _ from: String?) -> Bool {
        Self.isService(message.from) || from == nil || from == address(message.from, message.kind)
    }

    /// Encoding may replace quotes and dashes, so letters and digits decide. A template's text is known to Twilio alone:
    /// it shows the values that were filled in, but for those of buttons and links.
    private static func likeness(_ body: String, _ message: MessageRequest) -> Likeness {
        if let template = message.template {
            guard !body.isEmpty else { return .same }
            let text = skeleton(body)
            let isShown = template.variables.map(skeleton).allSatisfy { $0.isEmpty || text.contains($0) }
            return isShown ? .same : .perhaps
        }
        if message.text == body { return .same }
        let wanted = skeleton(message.text)
        return !wanted.isEmpty && wanted == skeleton(body) ? .same : .other
    }

    private static func skeleton(_ text: String) -> [UInt32] {
        text.unicodeScalars.compactMap { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? scalar.value : nil
        }
    }

    private static func created(_ entry: JSONValue) -> Timestamp? {
        (entry["date_created"]?.string ?? entry["start_time"]?.string).flatMap(MailDate.parse)
    }
}
