/// A provider that calls people into conferences. Its answers are read by functions of their own: a conference comes into
/// being with its first participant, so there is no request that makes one.
public protocol ConferenceProvider: Provider {
    /// Calls somebody into a conference.
    func inviteRequest(_ participant: ConferenceParticipant, to roster: ConferenceRoster, from sender: String)
        throws(ProviderError) -> ProviderRequest
    /// What became of it.
    func inviteResult(of answer: ProviderAnswer) -> ConferenceInvitation
    /// Asks for the conference of this name, in the order of the states through which it can have gone meanwhile; `nil`
    /// when there is no further question.
    func conferenceSearchRequest(_ conference: ConferenceRecord, step: Int) -> ProviderRequest?
    /// The provider's id of the conference in the answer to a search; empty when it has none in this state.
    func conferenceSearchResult(of answer: ProviderAnswer) throws(ProviderError) -> String
    /// Asks who is in a conference or is being called; all of them at once.
    func rosterRequest(_ conference: ConferenceRecord) -> ProviderRequest
    /// Who is in it; the list is empty for one that is over.
    func rosterResult(of answer: ProviderAnswer) throws(ProviderError) -> [ConferenceSeat]
    /// Changes what a participant may do.
    func changeRequest(
        _ change: SeatChange, of participant: ConferenceParticipant, in roster: ConferenceRoster
    ) -> ProviderRequest
    /// Takes somebody out.
    func removeRequest(_ participant: ConferenceParticipant, from conference: ConferenceRecord) -> ProviderRequest
    /// Ends a conference.
    func endRequest(_ conference: ConferenceRecord) -> ProviderRequest
    /// Plays what lies at a URL to everybody.
    func announceRequest(_ url: String, in conference: ConferenceRecord) -> ProviderRequest
    /// Whether a change was carried out. The error's code is `gone` where the participant or the conference is over,
    /// `no_answer` where the provider may yet carry it out, else `refused`.
    func changeResult(of answer: ProviderAnswer) throws(ProviderError)
}

/// What a provider makes of an invitation.
public enum ConferenceInvitation: Sendable, Hashable {
    /// It calls.
    case placed(conference: String, call: String)
    /// Surely not carried out, for now: the provider asks to slow down, or was not reached.
    case busy(ProviderFailure)
    /// Surely not carried out.
    case refused(ProviderFailure)
    /// It may have been carried out.
    case unclear
}

/// Somebody in a conference as the provider has it.
public struct ConferenceSeat: Sendable, Hashable {
    /// The provider's id of the call.
    public var call: String
    /// The label that the gateway gave.
    public var label: String?
    /// In the conference, not only called.
    public var isConnected: Bool
    /// Not heard.
    public var isMuted: Bool
    /// Held.
    public var isHeld: Bool

    /// A seat.
    public init(call: String, label: String?, isConnected: Bool, isMuted: Bool, isHeld: Bool) {
        self.call = call
        self.label = label
        self.isConnected = isConnected
        self.isMuted = isMuted
        self.isHeld = isHeld
    }
}

/// What is changed about somebody in a conference; what is `nil` stays.
public struct SeatChange: Sendable, Hashable {
    /// Not heard.
    public var isMuted: Bool?
    /// Held.
    public var isHeld: Bool?
    /// The conference is over when this one leaves.
    public var endsOnExit: Bool?
    /// The label of the one who alone hears this one; empty for everybody.
    public var coaches: String?
    /// What lies at this URL is played to this one.
    public var announce: String?

    /// Nothing.
    public init() {}

    /// Whether it changes nothing.
    public var isEmpty: Bool { self == SeatChange() }
}

/// Where people are called together: a channel whose provider has conferences.
public struct ConferenceRoute: Sendable {
    /// The name under `channels:`.
    public var channel: String
    /// Who has the conferences.
    public var provider: any ConferenceProvider
    /// The number from which people are called.
    public var sender: String

    /// A route over a channel.
    public init(channel: String, provider: any ConferenceProvider, sender: String) {
        self.channel = channel
        self.provider = provider
        self.sender = sender
    }
}
