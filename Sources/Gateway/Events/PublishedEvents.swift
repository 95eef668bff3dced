import JSON

/// What a row of `published` tells others.
public enum PublishedEvents {
    /// The event of a row; `nil` for a damaged one.
    public static func event(_ record: PublishedRecord) -> GatewayEvent? {
        guard let data = try? JSONValue(parsing: record.body).object else { return nil }
        var event = GatewayEvent(
            EventPosition(sequence: record.sequence, place: 0), record.type, of: record.subject,
            tenant: record.tenant, at: record.at, data)
        event.delivery = data["delivery"]?.string.flatMap { RecordID($0, .delivery) }
        event.alias = alias(EventType(rawValue: record.type), data)
        return event
    }

    private static func alias(_ type: EventType?, _ data: JSONObject) -> String? {
        if type == .ruleEmitted { return data["event"]?.string }
        guard let provider = data["provider"]?.string, let kind = data["kind"]?.string else { return nil }
        return switch type {
        case .inboundReceived, .callReceived: EventAlias.inbound(provider, kind)
        case .callEnded, .roomLeft: EventAlias.status(provider, kind)
        default: nil
        }
    }
}
