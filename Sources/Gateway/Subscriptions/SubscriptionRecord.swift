import Crypto
import JSON

/// Where events are sent by themselves, as a caller asked for it. Written once.
public struct SubscriptionRecord: Sendable, Hashable {
    /// Names the subscription.
    public var id: RecordID
    /// Whose it is.
    public var tenant: String
    /// It gets the events of all tenants.
    public var seesAll: Bool
    /// Absolute, http or https.
    public var url: String
    /// As `EventFilter.types`, as written; empty for all.
    public var types: [String]
    /// As `EventFilter.subject`.
    public var subject: String?
    /// Events are passed over that are older when their turn comes; `nil` for the configured age.
    public var maxAge: Duration?
    /// The key of the signatures, 32 bytes.
    public var secret: [UInt8]
    /// When it was asked for.
    public var created: Timestamp

    /// A subscription to everything that a tenant may see.
    public init(id: RecordID, tenant: String, url: String, secret: [UInt8], created: Timestamp) {
        self.id = id
        self.tenant = tenant
        self.url = url
        self.secret = secret
        self.created = created
        seesAll = false
        types = []
    }

    /// The secret as receivers are given it (Standard Webhooks 1.0): `whsec_` and base 64.
    public var secretText: String { "whsec_" + Base64.encode(secret) }

    /// `subscription.body`: JSON.
    public var encoded: [UInt8] {
        var out = JSONObject([
            ("url", .string(url)), ("all", .bool(seesAll)), ("types", .array(types.map(JSONValue.string))),
            ("secret", .string(Base64.encode(secret))), ("created", .integer(created.milliseconds)),
        ])
        out["subject"] = subject.map(JSONValue.string)
        out["max_age"] = maxAge.map { .integer($0.milliseconds) }
        return JSONValue.object(out).bytes()
    }

    /// Reads `subscription.body`.
    /// - Throws: `.corrupt` for what is none.
    public init(id: RecordID, tenant: String, body: [UInt8]) throws(StoreError) {
        guard let value = try? JSONValue(parsing: body), let url = value["url"]?.string,
            let secret = value["secret"]?.string.flatMap({ Base64.decode($0) }), let created = value["created"]?.int
        else { throw ByteReader.damaged }
        self.init(id: id, tenant: tenant, url: url, secret: secret, created: Timestamp(milliseconds: created))
        seesAll = value["all"]?.bool ?? false
        types = value["types"]?.array?.compactMap(\.string) ?? []
        subject = value["subject"]?.string
        maxAge = value["max_age"]?.int.map { .milliseconds($0) }
    }
}
