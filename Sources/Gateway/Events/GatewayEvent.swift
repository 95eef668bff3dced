import JSON
import Zones

/// An event as consumers see it.
public struct GatewayEvent: Sendable, Hashable {
    /// Where it stands among all events.
    public var position: EventPosition
    /// What happened: the raw value of an `EventType`.
    public var type: String
    /// The public id of what it is about: of a message, of what came in, of a batch.
    public var subject: String
    /// Whose it is; `nil` for what belongs to no tenant, which everybody sees.
    public var tenant: String?
    /// When it happened.
    public var time: Timestamp
    /// The name that others know it by, such as `twilio.sms.inbound`.
    public var alias: String?
    /// The delivery that it is about, beside its message.
    public var delivery: RecordID?
    /// Ids, codes, counts and times.
    public var data: JSONObject

    /// An event without an alias.
    public init(
        _ position: EventPosition, _ type: String, of subject: String, tenant: String?, at time: Timestamp,
        _ data: JSONObject
    ) {
        self.position = position
        self.type = type
        self.subject = subject
        self.tenant = tenant
        self.time = time
        self.data = data
    }

    /// The `source` of every event of a gateway.
    public static let source = "/gateway"

    /// The CloudEvents `type`.
    public var fullType: String { EventType.full(type) }

    /// CloudEvents 1.0 in JSON; `sequence`, `tenant` and `alias` are extension attributes.
    public var cloudEvent: JSONValue {
        var out = JSONObject([
            ("specversion", "1.0"), ("id", .string(position.id)), ("source", .string(Self.source)),
            ("type", .string(fullType)), ("subject", .string(subject)),
            ("time", .string(DateText.rfc3339(time.milliseconds))), ("sequence", .string(position.digits)),
        ])
        out["alias"] = alias.map(JSONValue.string)
        out["tenant"] = tenant.map(JSONValue.string)
        out["datacontenttype"] = "application/json"
        out["data"] = .object(data)
        return .object(out)
    }
}
