/// Carries messages to handsets: queues, statuses, receipts, and what the person answers.
final class MessageCarrier {
    private let world: World
    private var queues = SenderQueues()
    private var blocked: Set<String> = []
    private var lastInbound: [String: Int64] = [:]
    /// Called when a person answers a message.
    var onReply: (Message, TextScript.Reply) -> Void = { _, _ in }

    init(world: World) {
        self.world = world
    }

    /// The sender that a message goes out from: the one that is asked for, else the first of the service that fits.
    func sender(for draft: MessageDraft) throws(TwilioError) -> ChannelAddress {
        guard let serviceSID = draft.serviceSID else {
            guard let from = draft.from else { throw TwilioError(21603) }
            return from
        }
        guard let senders = world.script.services[serviceSID] else { throw TwilioError(21701) }
        if let from = draft.from { return from }
        let fitting = senders.map { ChannelAddress($0) }.first { $0.channel == draft.to.channel }
        guard let fitting else { throw TwilioError(21703) }
        return fitting
    }

    /// Refuses what is refused at create: a scripted refusal, an opt-out, a full queue.
    func check(_ draft: MessageDraft, sender: ChannelAddress) throws(TwilioError) {
        if case .refuse(let code) = script(for: draft.to).outcome { throw TwilioError(code) }
        if draft.to.channel.isEmpty, blocked.contains(Self.pair(sender.text, draft.to.text)) {
            throw TwilioError(21610)
        }
        if queues.wait(sender.text, at: world.kernel.now) > 36_000_000 { throw TwilioError(21611) }
    }

    /// Notes STOP or START.
    func setBlocked(_ isBlocked: Bool, sender: String, handset: String) {
        if isBlocked {
            blocked.insert(Self.pair(sender, handset))
        } else {
            blocked.remove(Self.pair(sender, handset))
        }
    }

    /// Notes a message from a handset: it opens the 24-hour window.
    func noteInbound(sender: String, handset: String) {
        lastInbound[Self.pair(sender, handset)] = world.kernel.now
    }

    /// Starts the life of a message at a time.
    func send(_ message: Message, sender: ChannelAddress, at start: Int64) {
        message.timer = world.kernel.at(start) { self.enqueue(message, sender) }
    }

    /// Takes a message back that has not left; false when it is too late.
    func cancel(_ message: Message) -> Bool {
        guard [.accepted, .scheduled, .queued].contains(message.status) else { return false }
        world.kernel.cancel(message.timer)
        move(message, to: .canceled)
        return true
    }

    private func enqueue(_ message: Message, _ sender: ChannelAddress) {
        let kernel = world.kernel
        if message.from == nil {
            message.from = sender.text
            message.segments = message.media.isEmpty ? SegmentCounter.segments(message.body) : 1
        }
        move(message, to: .queued)
        let turn = queues.reserve(
            sender.text, segments: max(1, message.segments), rate: world.script.rate(of: sender), at: kernel.now)
        if turn - message.created > message.validity, turn > kernel.now {
            message.timer = kernel.at(max(kernel.now, message.created + message.validity)) { self.fail(message, 30036) }
        } else {
            message.timer = kernel.at(max(turn, kernel.now + 50)) { self.depart(message, sender) }
        }
    }

    private func depart(_ message: Message, _ sender: ChannelAddress) {
        message.status = .sending
        message.updated = world.kernel.now
        if let code = refusalOfChannel(message, sender) { return fail(message, code) }
        let script = script(for: ChannelAddress(message.to))
        if case .fail(let code) = script.outcome {
            message.timer = world.kernel.after(script.after) { self.fail(message, code) }
            return
        }
        message.sent = world.kernel.now
        note(priceOf: message, isInbound: false)
        move(message, to: .sent)
        arrive(message, script)
    }

    private func arrive(_ message: Message, _ script: TextScript) {
        switch script.outcome {
        case .undelivered(let code):
            message.timer = world.kernel.after(script.after) {
                message.errorCode = code
                self.move(message, to: .undelivered)
            }
        case .delivered(let delay, let read):
            message.timer = world.kernel.after(delay) {
                self.move(message, to: .delivered)
                self.reply(message, script)
                guard let read, !message.channel.isEmpty else { return }
                message.timer = self.world.kernel.after(max(0, read - delay)) { self.move(message, to: .read) }
            }
        case .sentOnly: reply(message, script)
        case .refuse, .fail: break
        }
    }

    /// The person answers what the application sent on its own; answering its answers would never end.
    private func reply(_ message: Message, _ script: TextScript) {
        guard message.direction == "outbound-api" else { return }
        for reply in script.replies {
            world.kernel.after(reply.after) { self.onReply(message, reply) }
        }
    }

    private func fail(_ message: Message, _ code: Int) {
        message.errorCode = code
        move(message, to: .failed)
    }

    /// Why WhatsApp does not take a message: template problems, or free text outside the window.
    private func refusalOfChannel(_ message: Message, _ sender: ChannelAddress) -> Int? {
        guard message.channel == "whatsapp" else { return nil }
        if let code = message.contentError { return code }
        let isOpen = isWindowOpen(sender: sender.text, handset: message.to)
        guard let contentSID = message.contentSID else { return isOpen ? nil : 63016 }
        switch world.script.content[contentSID]?.status {
        case "approved": return nil
        case "rejected": return 63040
        case "paused": return 63041
        case "disabled": return 63042
        default: return isOpen ? nil : 63016
        }
    }

    private func isWindowOpen(sender: String, handset: String) -> Bool {
        if let last = lastInbound[Self.pair(sender, handset)] { return world.kernel.now - last < 86_400_000 }
        return world.script.phone(ChannelAddress(handset).value) { $0.isWindowOpen } ?? false
    }

    private func script(for to: ChannelAddress) -> TextScript {
        let part = to.channel == "whatsapp" ? \PhoneScript.whatsapp : \PhoneScript.sms
        return world.script.phone(to.value) { $0[keyPath: part] } ?? .delivered(after: 1000)
    }

    private func move(_ message: Message, to status: Message.Status) {
        message.status = status
        message.updated = world.kernel.now
        guard let url = message.callback else { return }
        let form = MessageCallback.form(message, account: world.credentials.accountSID, now: world.kernel.now)
        world.webhooks.notify(WebhookCaller.Call(resource: "Messages", url: url, form: form))
    }

    /// A message costs something from when it was sent or received.
    func note(priceOf message: Message, isInbound: Bool) {
        let item: PriceScript.Item = message.channel.isEmpty ? (message.media.isEmpty ? .sms : .mms) : .whatsapp
        message.price = world.script.prices.price(
            of: item, isInbound: isInbound, count: item == .sms ? max(1, message.segments) : 1, at: world.kernel.now)
    }

    private static func pair(_ sender: String, _ handset: String) -> String {
        sender + "|" + handset
    }
}
