import Gateway
import JSON

/// What went to and came from people, over all channels, newest first. Reads the store; runs where that may block.
struct ConversationViews {
    let records: any RecordStore
    let directory: ConfigurationDirectory
    /// What others sent does not exist for the caller.
    let tenant: String

    /// Whose conversation.
    enum Party: Sendable, Hashable {
        /// E.164 with `+`.
        case number(String)
        case contact(String)
        /// All people of a boat.
        case boat(String)
    }

    /// Rows that one page looks at, at most; a page of a search may be short.
    static let lookedAt = 2_000

    /// A page: its entries, and where the next begins.
    struct Page: Sendable {
        var entries: [JSONValue] = []
        var next: RecordID?
    }

    // MARK: one conversation

    /// The history with a party from before `before`, at most `limit` entries whose texts have all the words; `nil` where
    /// there is no such contact or boat.
    func history(
        with party: Party, before: RecordID?, words: [String], limit: Int
    ) throws(StoreError) -> Page? {
        guard let numbers = try numbers(of: party) else { return nil }
        var page = Page()
        var looked = 0
        for id in try ids(of: numbers, before: before) {
            if page.entries.count == limit || looked == Self.lookedAt { break }
            looked += 1
            page.next = id
            guard let (entry, text) = try entry(id), Self.has(text, words) else { continue }
            page.entries.append(entry)
        }
        if looked < Self.lookedAt, page.entries.count < limit { page.next = nil }
        return page
    }

    private func numbers(of party: Party) throws(StoreError) -> [String]? {
        switch party {
        case .number(let number): return [number]
        case .contact(let id): return try records.contact(id).map(Self.numbers)
        case .boat(let id):
            guard let boat = try records.boat(id) else { return nil }
            var numbers: [String] = []
            for person in boat.contacts {
                for number in try records.contact(person.contact).map(Self.numbers) ?? []
                where !numbers.contains(number) {
                    numbers.append(number)
                }
            }
            return numbers
        }
    }

    private static func numbers(of contact: ContactRecord) -> [String] {
        contact.addresses.filter(\.isOfPerson).map(\.value)
    }

    /// Identifiers rise with time, whatever they name.
    private func ids(of numbers: [String], before: RecordID?) throws(StoreError) -> [RecordID] {
        var ids: Set<RecordID> = []
        for number in numbers {
            ids.formUnion(try records.lookUp(.recipient, number))
            ids.formUnion(try records.lookUp(.correspondent, number))
        }
        return ids.filter { id in before.map { id < $0 } ?? true }.sorted(by: >)
    }

    private static func has(_ text: String, _ words: [String]) -> Bool {
        guard !words.isEmpty else { return true }
        let said = SearchWords.all(in: text)
        return words.allSatisfy { word in said.contains { $0.hasPrefix(SearchWords.stem(of: word)) } }
    }

    // MARK: the newest of each

    /// With whom something was said last, from before `before`: one entry for each number or contact on a page. Who comes
    /// on a page may come on a later one again.
    func newest(before: RecordID?, limit: Int) throws(StoreError) -> Page {
        var page = Page()
        var seen: Set<String> = []
        let inbound = try records.inbound(before: before, limit: Self.lookedAt).map(\.id)
        let messages = try records.messages(before: before, limit: Self.lookedAt).map(\.id)
        for id in (inbound + messages).sorted(by: >).prefix(Self.lookedAt) {
            if page.entries.count == limit { return page }
            page.next = id
            let deliveries = try records.deliveries(ofMessage: id).map(\.id)
            for id in deliveries.isEmpty ? [id] : deliveries {
                guard let entry = try entry(id)?.entry.object else { continue }
                let who = entry["contact"] ?? entry[entry["direction"] == "in" ? "from" : "to"]
                guard let name = who?.string, seen.insert(name).inserted else { continue }
                page.entries.append(.object(entry))
            }
        }
        if inbound.count + messages.count < Self.lookedAt { page.next = nil }
        return page
    }

    // MARK: entries

    /// What an identifier names, with its text; `nil` for what is the gateway's own or another tenant's.
    private func entry(_ id: RecordID) throws(StoreError) -> (entry: JSONValue, text: String)? {
        if let inbound = try records.inbound(id) { return Self.entry(inbound) }
        guard let record = try records.delivery(id), let message = try records.message(record.message)
        else { return nil }
        let job = try JobCodec.job(record, message)
        guard job.envelope.tenant == tenant, let row = try records.state(of: id) else { return nil }
        let contact = try job.recipient.contact.map { (id) throws(StoreError) in
            try records.currentID(ofContact: id)
        }
        return entry(job, contact, try StateCodec.decode(row.blob))
    }

    private static func entry(_ inbound: InboundRecord) -> (JSONValue, String) {
        var entry: JSONObject = ["direction": "in"]
        for member in RecordViews.inbound(inbound).object?.members ?? [] { entry[member.key] = member.value }
        return (.object(entry), entry["text"]?.string ?? "")
    }

    private func entry(_ job: DeliveryJob, _ contact: String?, _ state: DeliveryState) -> (JSONValue, String) {
        let step = state.attempts.last.map { Int($0.step) }
        let text = directory.content(of: job, step: step ?? 0)?.text ?? job.envelope.text ?? ""
        var entry: JSONObject = [
            "direction": "out", "id": .string(job.delivery.text(.delivery)),
            "message": .string(job.message.text(.message)), "created": .string(MessageViews.time(job.created)),
            "to": .string(job.recipient.number), "topic": .string(job.envelope.topic), "text": .string(text),
            "state": .string(state.phase.word),
        ]
        entry["contact"] = contact.map(JSONValue.string)
        if let step, let plan = directory.plan(for: job), plan.steps.indices.contains(step) {
            entry["channel"] = .string(plan.steps[step].kind.rawValue)
        }
        return (.object(entry), text)
    }
}
