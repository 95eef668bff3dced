/// What rules need of the store before the engine decides: who a person is, and what the searches find that they can come
/// to. It reads alone, so that a repeated webhook does no harm; the engine, which waits for no disk, only picks.
public struct InboundPreparation: Sendable {
    let directory: ConfigurationDirectory
    let records: any RecordStore
    /// How much the rules want an assistant to be told, at most; `nil` without one.
    let materialWish: (history: Int, documents: Int)?
    /// How PINs are asked for; `nil` where no rule needs one.
    let pinSettings: PINSettings?

    /// Prepares for the rules of a configuration. Its methods block as those of the store do.
    public init(_ directory: ConfigurationDirectory, _ records: any RecordStore) {
        self.directory = directory
        self.records = records
        let configuration = directory.runningConfiguration
        materialWish = Self.wish(of: configuration.inboundRules)
        let needsPIN =
            configuration.inboundRules.contains { $0.actions.contains(where: \.needsPIN) }
            || configuration.menus.contains { $0.steps.contains { $0.step.needsPIN } }
        pinSettings = needsPIN ? configuration.pin : nil
    }

    /// What is to be found for a message before the engine decides.
    public struct Searches: Sendable {
        fileprivate var context: InboundContext
        fileprivate var ofRules: [DocumentSearch] = []
        fileprivate var ofAssistant: DocumentQuery?

        /// What an index outside may be asked, each once.
        public var queries: [DocumentQuery] {
            var queries: [DocumentQuery] = []
            for query in ofRules.map(\.query) + [ofAssistant].compactMap({ $0 }) where !queries.contains(query) {
                queries.append(query)
            }
            return queries
        }
    }

    /// Adds all that is known, from the store alone.
    public func complete(_ input: inout WebhookInput, now: Timestamp) {
        if let searches = begin(&input, now: now) { finish(&input, searches, IndexAnswers(), now: now) }
    }

    /// Adds who it is. What cannot be read is left out: the message is filed all the same.
    /// - Returns: what is to be found; `nil` where nothing is to be added any more.
    public func begin(_ input: inout WebhookInput, now: Timestamp) -> Searches? {
        var content: InboundContext.Content
        switch input.event {
        case .message(let message): content = .message(message)
        case .call(let call) where call.call != .ended && call.purpose != "whisper": content = .call(call)
        case .recorded(let recording):
            prepare(recording, &input)
            return nil
        default: return nil
        }
        var context = InboundContext(content, now: now)
        var addresses = [context.number]
        if case .message(let message) = content, let id = message.userID { addresses.append(id) }
        // The network says that the number is another's: whoever shows it is nobody whom it knows.
        if case .call(let call) = content, call.isForged { addresses = [] }
        identify(addresses, &input)
        context.take(input)
        if case .message(var message) = content {
            if !message.media.isEmpty { input.boat = boat(input) }
            if let question = checkPIN(message, &input, now: now) {
                message.text = question
                content = .message(message)
                context.content = content
            }
        }
        if case .call(let call) = content { checkPIN(call, &input) }
        var searches = Searches(context: context)
        searches.ofRules = InboundRouter(directory: directory).searches(context)
        searches.ofAssistant = materialQuery(context)
        return searches
    }

    /// Adds what is found. A search that failed, or came to no end in its time, is left out: its rule asks a person.
    /// - Parameter answers: what an index outside found; the store's own is searched for the rest.
    public func finish(_ input: inout WebhookInput, _ searches: Searches, _ answers: IndexAnswers, now: Timestamp) {
        for search in searches.ofRules {
            guard var matches = try? search.run(records, answers) else { continue }
            if case .message = searches.context.content {
                matches.documents = matches.documents.map { linked($0, now) }
            }
            input.found.append(DocumentsFound(search, matches))
        }
        if let wish = materialWish, case .message = searches.context.content {
            input.material = material(wish, searches.context, searches.ofAssistant, answers)
        }
    }

    /// By the number, or by the channel's own id of the person, where the number is unknown or not shown.
    func identify(_ addresses: [String], _ input: inout WebhookInput) {
        for address in addresses {
            guard let contact = (try? records.contact(withNumber: address)) ?? nil else { continue }
            input.contact = contact.id
            input.contactVerified = contact.addresses.contains { $0.value == address && $0.verified }
            input.locale = contact.locale
            if input.contactVerified, !address.hasPrefix("+") {
                input.numbers = contact.addresses.filter { $0.isOfPerson && $0.value.hasPrefix("+") }.map(\.value)
            }
            return
        }
    }

    /// A document that is nothing but a file is told with a link to it, which ends.
    private func linked(_ document: DocumentRecord, _ now: Timestamp) -> DocumentRecord {
        guard document.url == nil, let media = document.media else { return document }
        var document = document
        let end = now + directory.runningConfiguration.media.linkLifetime
        document.url = directory.acknowledgementLinks.media.url(of: media, until: end)
        return document
    }

    /// Whose files they are, where that is beyond doubt: a number is easily forged, and who is on two boats must say
    /// which one is meant.
    func boat(_ input: WebhookInput) -> String? {
        guard input.contactVerified, let contact = input.contact,
            let boats = try? records.boats(ofContact: contact), boats.count == 1
        else { return nil }
        return boats.first?.id
    }
}

extension InboundContext {
    /// What the shell knows of the person.
    mutating func take(_ input: WebhookInput) {
        contact = input.contact
        contactVerified = input.contactVerified
        locale = input.locale
        found = input.found
        material = input.material
    }
}
