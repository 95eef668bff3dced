/// What a caller of the API does about a conference.
public struct ConferenceAction: Sendable {
    /// What is done.
    public enum Deed: Sendable {
        /// Somebody is called into it; without a conference of the name it comes into being.
        case invite(ConferenceInvite)
        /// Somebody in it, by label or id, may do something else.
        case change(participant: String, SeatChange)
        /// Somebody, by label or id, is taken out.
        case remove(participant: String)
        /// What lies at a URL is played to everybody.
        case announce(String)
        /// It is over.
        case end
    }

    /// Whose conference.
    public var tenant: String
    /// Its name.
    public var name: String
    /// What is done.
    public var deed: Deed

    /// A deed.
    public init(_ deed: Deed, in name: String, of tenant: String) {
        self.deed = deed
        self.name = name
        self.tenant = tenant
    }
}

/// Somebody who is to be called into a conference.
public struct ConferenceInvite: Sendable {
    /// E.164 with `+`.
    public var number: String
    /// Whose number it is; `nil` for a stranger's.
    public var contact: String?
    /// What the participant is called; `nil` for the participant's id.
    public var label: String?
    /// What the participant may do.
    public var manners = ConferenceManners()
    /// The boat that the conference is about; `nil` for what is known.
    public var boat: String?
    /// A conference that comes into being is recorded.
    public var isRecorded = false
    /// What the call counts for its key, where that has daily caps.
    public var spend: KeySpend?
    /// The tenant's idempotency key with the fingerprint of the body.
    public var idempotency: IdempotencyKey?

    /// Somebody with a number.
    public init(number: String) { self.number = number }
}

/// Why nothing was done about a conference.
public enum ConferenceRefusal: Error, Sendable, Hashable {
    /// No channel has conferences.
    case off
    /// No open conference has the name.
    case absent
    /// Nobody of this label or id is in it or being called.
    case noParticipant
    /// Somebody in it has the label.
    case labelTaken
    /// It is about another boat.
    case otherBoat(String)
    /// The provider has not confirmed the call yet.
    case notPlaced
    /// Nobody in it has the label of the one who is to be coached.
    case noCoached
    /// The key may place no more calls today.
    case capReached
    /// The provider does not do it.
    case provider(ProviderError)
}
