import JSON

/// One normalized outbound message, as it was accepted.
public struct Envelope: Sendable, Hashable {
    /// Whom it is for, before resolution.
    public var to: Recipient
    /// Dotted, such as `warranty.expiring`; rules match it by glob.
    public var topic: String
    /// Ready text; never expanded. Present unless `template` is.
    public var text: String?
    /// A name under `templates:`.
    public var template: String?
    /// Values for the template's paths; nested objects are addressed with dots.
    public var variables: JSONObject
    /// Absolute https URLs (http allowed on loopback), at most ten.
    public var media: [String]
    /// Free keys for rules, at most 32.
    public var labels: [String: String]
    /// How much it may disturb; rules, quiet hours and defaults of clocks read it.
    public var priority: Priority
    /// What it is for; consent depends on it.
    public var messageClass: MessageClass
    /// Overrides the policy that rules would choose.
    public var policy: String?
    /// Not before this time.
    public var sendAt: Timestamp?
    /// Overrides the policy's `expires`.
    public var expiresIn: Duration?
    /// While a message with the same key is open, it is answered instead of a new one.
    public var dedupeKey: String?
    /// BCP 47; else the contact's, else the gateway's.
    public var locale: String?
    /// A property of the API key, `default` otherwise.
    public var tenant: String
    /// Whose everything is that belongs to no other tenant.
    public static let defaultTenant = "default"

    /// An envelope with the defaults of the API: normal priority, transactional, tenant `default`.
    public init(to: Recipient, topic: String = "", text: String? = nil, template: String? = nil) {
        self.to = to
        self.topic = topic
        self.text = text
        self.template = template
        variables = JSONObject()
        media = []
        labels = [:]
        priority = .normal
        messageClass = .transactional
        tenant = Self.defaultTenant
    }
}

/// Whom an envelope is for.
public enum Recipient: Sendable, Hashable {
    /// A phone number, E.164 with `+`.
    case number(String)
    /// `contact:ID`.
    case contact(String)
    /// `boat:ID` (owners), `boat:ID/broker`, `boat:ID/all`.
    case boat(String, role: BoatRole)

    /// Which contacts of a boat.
    public enum BoatRole: String, Sendable { case owner, broker, all }
}

/// Whom a delivery goes to, after resolution; what routing and eligibility read.
public struct ResolvedRecipient: Sendable, Hashable {
    /// E.164 with `+`.
    public var number: String
    /// ISO 3166 alpha-2, `nil` where the number's prefix names none.
    public var country: String?
    /// The caller's id of the contact, `nil` for a bare number.
    public var contact: String?
    /// The contact's name, for templates.
    public var contactName: String?
    /// The number is a verified address of the contact.
    public var contactVerified: Bool
    /// The caller's id of the boat, where the message went to one.
    public var boat: String?
    /// The boat's name, for templates.
    public var boatName: String?
    /// The contact's role on the boat.
    public var role: String?
    /// BCP 47.
    public var locale: String
    /// IANA name; else the country's when it has one zone, else the gateway's.
    public var timeZone: String
    /// What the contact wants; `nil` for a bare number, and for contacts who said nothing.
    public var preferences: ContactPreferences?

    /// A bare number in the gateway's locale and zone.
    public init(number: String, country: String?, locale: String, timeZone: String) {
        self.number = number
        self.country = country
        self.locale = locale
        self.timeZone = timeZone
        contactVerified = false
    }
}
