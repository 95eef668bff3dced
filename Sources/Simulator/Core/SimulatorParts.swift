import JSON

/// The parts of a simulator, put together.
final class SimulatorParts {
    let numbers: NumberDesk
    let messages: MessageDesk
    let inbound: InboundMessages
    let content: ContentDesk
    let recordings: RecordingDesk
    let exchange: CallExchange
    let calls: CallDesk
    let rooms: RoomDesk
    let conferences: ConferenceDesk
    /// The faults in force as they were given.
    var faultDocument: JSONValue

    init(world: World) {
        let numbers = NumberDesk(world: world)
        let carrier = MessageCarrier(world: world)
        let messages = MessageDesk(world: world, carrier: carrier) { numbers.number($0) }
        let inbound = InboundMessages(world: world, desk: messages, carrier: carrier, numbers: numbers)
        // Weak: the inbound messages hold the carrier.
        carrier.onReply = { [weak inbound] message, reply in
            let from = ChannelAddress(message.to)
            inbound?.receive(
                InboundMessages.Text(
                    channel: from.channel, from: from.value, to: ChannelAddress(message.from ?? "").value,
                    body: reply.text, button: reply.button, repliedTo: reply.button == nil ? nil : message.sid))
        }
        numbers.apply(world.script)
        self.numbers = numbers
        self.messages = messages
        self.inbound = inbound
        content = ContentDesk(world: world)
        recordings = RecordingDesk(world: world)
        exchange = CallExchange(world: world, numbers: numbers, recordings: recordings)
        rooms = RoomDesk(world: world)
        calls = CallDesk(world: world, exchange: exchange, numbers: numbers)
        conferences = ConferenceDesk(world: world, exchange: exchange, numbers: numbers)
        faultDocument = ["faults": world.script.document["faults"] ?? []]
    }
}
