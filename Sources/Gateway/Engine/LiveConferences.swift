/// The conferences that are not over. In memory, rebuilt from the store's rows; a value, so that a turn whose commit
/// failed is taken back by keeping the one from before.
struct LiveConferences {
    /// Invitations under way at the same time; the others wait.
    static let window = 16
    /// So long after it was asked for, a call is not tried again that was surely not placed.
    static let patience = Duration.seconds(60)
    /// How often the provider is asked whether it has a call that it did not confirm, and how long before each question.
    static let looks: [Duration] = [.seconds(2), .seconds(10), .seconds(30), .seconds(120)]
    /// The provider is asked who is in a conference when somebody was called so long ago.
    static let ringing = Duration.seconds(60)
    /// As above after so long, for reports that never came.
    static let pause = Duration.seconds(300)
    /// As above, when everybody is gone and its end was not reported.
    static let shortPause = Duration.seconds(30)

    /// A conference that is not over.
    struct Live {
        var roster: ConferenceRoster
        /// When the provider is asked who is in it.
        var lookAt: Timestamp
        /// How many questions since the last call that was not confirmed.
        var looks = 0
        /// A question is under way.
        var isLooking = false
        /// Who was not in the provider's list the last time, and since when.
        var missing: [RecordID: Timestamp] = [:]
    }

    /// Somebody whose call is not asked for yet.
    struct Waiting {
        var conference: RecordID
        var participant: RecordID
        var notBefore: Timestamp
    }

    private(set) var live: [RecordID: Live] = [:]
    /// Their ids, rising: nothing iterates the dictionary.
    private(set) var order: [RecordID] = []
    private var byName: [String: RecordID] = [:]
    var waiting: [Waiting] = []
    /// Participants whose invitation is under way, and in which conference.
    var underWay: [RecordID: RecordID] = [:]

    subscript(id: RecordID) -> Live? {
        get { live[id] }
        set {
            if let newValue, live[id] == nil {
                byName[Self.key(newValue.roster.conference)] = id
                order.insert(id, at: order.firstIndex { $0 > id } ?? order.count)
            } else if newValue == nil, let old = live[id] {
                byName[Self.key(old.roster.conference)] = nil
                order.removeAll { $0 == id }
            }
            live[id] = newValue
        }
    }

    /// The open conference of a tenant's name.
    func id(named name: String, of tenant: String) -> RecordID? { byName[tenant + "/" + name] }

    private static func key(_ conference: ConferenceRecord) -> String { conference.tenant + "/" + conference.name }

    /// When something is to be done at the latest.
    var wakeAt: Timestamp? {
        var times = order.compactMap { id in live[id].flatMap { $0.isLooking ? nil : $0.lookAt } }
        if underWay.count < Self.window { times += waiting.filter { mayLeave($0) }.map(\.notBefore) }
        return times.min()
    }

    /// Whether a call can be asked for: the first one makes the conference, and the others come after its answer.
    func mayLeave(_ entry: Waiting) -> Bool {
        guard let one = live[entry.conference] else { return false }
        return !one.roster.conference.providerID.isEmpty || !underWay.values.contains(entry.conference)
    }
}

/// What an exchange about a conference is for.
struct ConferenceExchange {
    enum Purpose {
        /// By the participant's id.
        case invite(RecordID)
        /// Asks for the conference of the name; which question it is.
        case search(step: Int)
        case roster
        /// Whoever asked for it waits.
        case change(RecordID, SeatChange, ticket: Int)
        case remove(RecordID, ticket: Int)
        case announce(ticket: Int)
        case end(ticket: Int)
    }

    var conference: RecordID
    var purpose: Purpose

    /// Who waits for the answer.
    var ticket: Int? {
        switch purpose {
        case .invite, .search, .roster: nil
        case .change(_, _, let ticket), .remove(_, let ticket), .announce(let ticket), .end(let ticket): ticket
        }
    }
}
