/// A conference of the telephone: a name under which people are called together, once.
public struct ConferenceRecord: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// People are being called; nobody who may begin it is in.
        case waiting
        /// People talk.
        case running
        /// It is over. Its name is free again.
        case ended
    }

    /// Names the conference.
    public var id: RecordID
    /// Whose it is.
    public var tenant: String
    /// The caller's name for it: of the open ones of a tenant only one has it.
    public var name: String
    /// The boat that it is about; `nil` for none.
    public var boat: String?
    /// The channel over which people are called.
    public var channel: String
    /// The provider that has it.
    public var provider: String
    /// When the first one was invited.
    public var created: Timestamp
    /// How far it is.
    public var state = State.waiting
    /// The provider's id, such as Twilio's `CF…`; empty until it is known.
    public var providerID = ""
    /// What is said in it is recorded from its beginning.
    public var isRecorded = false
    /// When people began to talk; `nil` before.
    public var started: Timestamp?
    /// When it was over; `nil` before.
    public var ended: Timestamp?
    /// Why it was over: the provider's word, or `nobody` where nobody came.
    public var reason: String?

    /// A conference into which somebody is being called.
    public init(
        id: RecordID, tenant: String, name: String, channel: String, provider: String, at created: Timestamp
    ) {
        self.id = id
        self.tenant = tenant
        self.name = name
        self.channel = channel
        self.provider = provider
        self.created = created
    }

    /// Its name at the provider: unique for good, so that it is never taken for an earlier one of the same name.
    public var providerName: String { name + "~" + id.digits }

    /// 1 to 100 letters, digits, `.`, `_` and `-`, and neither `.` nor `..`: a path segment as it stands.
    public static func isName(_ text: String) -> Bool {
        text != "." && text != ".." && (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 0x2D || byte == 0x2E
                    || byte == 0x5F
            }
    }
}

/// Somebody who is called into a conference.
public struct ConferenceParticipant: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// No request for the call was made.
        case waiting
        /// The call is being asked for, or the program ended while it was: the provider is asked whether it has it.
        case placing
        /// The provider calls.
        case calling
        /// In the conference.
        case joined
        /// Was in it.
        case left
        /// Was never in it.
        case failed
    }

    /// Names the participant.
    public var id: RecordID
    /// Into which conference.
    public var conference: RecordID
    /// E.164 with `+`.
    public var number: String
    /// Whose number it is; `nil` for a stranger's.
    public var contact: String?
    /// What the caller calls the participant; of those who are not gone only one of a conference has it.
    public var label: String
    /// What the participant may do, and what happens when the participant comes and goes.
    public var manners: ConferenceManners
    /// When the caller asked for it.
    public var created: Timestamp
    /// How far it is.
    public var state = State.waiting
    /// The provider's id of the call, such as Twilio's `CA…`; empty until it is known.
    public var providerID = ""
    /// Held: hears music and is not heard.
    public var isHeld = false
    /// When the participant came in; `nil` before.
    public var joined: Timestamp?
    /// When the participant was gone, or was known not to come; `nil` before.
    public var left: Timestamp?
    /// Why the participant is gone or never came: the call's status, or what the gateway found.
    public var reason: String?
    /// The provider's code of a refusal; zero for none.
    public var code: Int32 = 0
    /// The number of the provider's last report that counted; zero for none.
    public var sequence = 0

    /// Somebody of whose call nothing was asked yet.
    public init(
        id: RecordID, conference: RecordID, number: String, label: String, manners: ConferenceManners,
        at created: Timestamp
    ) {
        self.id = id
        self.conference = conference
        self.number = number
        self.label = label
        self.manners = manners
        self.created = created
    }

    /// Not gone, and may still come.
    public var isOpen: Bool { state != .left && state != .failed }

    /// Whoever is gone stays so, but for one of whom the provider did not know when it was asked.
    var mayStillCome: Bool { isOpen || reason == Self.unconfirmed }

    /// A word of `reason`: the program ended while it asked for the call, and the provider knows of none.
    public static let unconfirmed = "unconfirmed"
}

/// What somebody in a conference may do, and what happens when somebody comes and goes.
public struct ConferenceManners: Sendable, Hashable {
    /// Others wait until somebody with this is in.
    public var startsOnEnter = true
    /// The conference is over when this one leaves.
    public var endsOnExit = false
    /// Hears and is not heard.
    public var isMuted = false
    /// The label of the one who alone hears this one; `nil` for everybody.
    public var coaches: String?

    /// A speaker's.
    public init() {}
}

/// Which conferences are listed.
public struct ConferenceQuery: Sendable, Hashable {
    /// Only those of this tenant.
    public var tenant: String?
    /// Only those of this boat.
    public var boat: String?
    /// Only those of this name.
    public var name: String?
    /// Only those in one of these states.
    public var states = Set(ConferenceRecord.State.allCases)

    /// All of them.
    public init() {}

    /// Whether a conference is one of them.
    public func matches(_ record: ConferenceRecord) -> Bool {
        func isSame(_ wanted: String?, _ text: String?) -> Bool {
            wanted.map { wanted in text?.utf8.elementsEqual(wanted.utf8) ?? false } ?? true
        }
        return states.contains(record.state) && isSame(tenant, record.tenant) && isSame(boat, record.boat)
            && isSame(name, record.name)
    }
}

/// A conference with those who were called into it, in that order.
public struct ConferenceRoster: Sendable, Hashable {
    /// The conference.
    public var conference: ConferenceRecord
    /// Everybody, those who are gone too.
    public var participants: [ConferenceParticipant]

    /// A conference and its people.
    public init(_ conference: ConferenceRecord, _ participants: [ConferenceParticipant]) {
        self.conference = conference
        self.participants = participants
    }

    /// Where a participant of this id stands; `nil` for somebody of another conference.
    public func index(of id: RecordID) -> Int? { participants.firstIndex { $0.id == id } }

    /// The one of a label who is not gone.
    public func open(labelled label: String) -> Int? {
        participants.lastIndex { $0.isOpen && $0.label.utf8.elementsEqual(label.utf8) }
    }
}
