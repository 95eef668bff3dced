/// What a provider reports of a conference, in neutral words.
public struct ConferenceReport: Sendable, Hashable {
    /// What happened.
    public enum Event: Sendable, Hashable {
        /// People talk.
        case started
        /// It is over; the provider's word for why.
        case ended(reason: String?)
        /// Somebody is in.
        case joined
        /// Somebody who is in may do something else.
        case changed
        /// Somebody is gone; the call's status.
        case left(status: String)
    }

    /// Who somebody is, and what they may do now.
    public struct Person: Sendable, Hashable {
        /// The provider's id of the call.
        public var providerID: String
        /// The label that the gateway gave.
        public var label: String?
        /// Not heard.
        public var isMuted: Bool
        /// Held.
        public var isHeld: Bool

        /// Somebody's call.
        public init(providerID: String, label: String?, isMuted: Bool, isHeld: Bool) {
            self.providerID = providerID
            self.label = label
            self.isMuted = isMuted
            self.isHeld = isHeld
        }
    }

    /// The gateway's own id of the conference, from the callback's URL.
    public var conference: RecordID
    /// The provider's id of the conference.
    public var providerID: String
    /// Rises within a conference.
    public var sequence: Int
    /// What happened.
    public var event: Event
    /// To whom; `nil` for the conference itself.
    public var person: Person?

    /// A report of a conference.
    public init(conference: RecordID, providerID: String, sequence: Int, _ event: Event, of person: Person? = nil) {
        self.conference = conference
        self.providerID = providerID
        self.sequence = sequence
        self.event = event
        self.person = person
    }
}

extension ConferenceRoster {
    /// What a change of the roster means to others.
    enum Change: Sendable, Hashable {
        case started
        case ended
        /// By their place in the roster.
        case joined(Int)
        case left(Int)
        case failed(Int)
        /// Nothing that others are told, but rows are others.
        case kept(Int)
    }

    /// Takes a report. Reports come late, twice and out of order: each counts by its number, for the one it is about.
    /// - Returns: what changed, in order; nothing for what was known.
    mutating func take(_ report: ConferenceReport, at now: Timestamp) -> [Change] {
        var changes: [Change] = []
        if conference.providerID.isEmpty { conference.providerID = report.providerID }
        guard conference.providerID == report.providerID else { return [] }
        if let person = report.person {
            guard let index = index(of: person) else { return [] }
            take(report, index, person, now, &changes)
        }
        switch report.event {
        case .started, .joined, .changed, .left: break
        case .ended(let reason): end(reason, at: now, &changes)
        }
        if case .started = report.event { start(at: now, &changes) }
        return changes
    }

    /// The one of this call, else the one of this label whose call is not known.
    private func index(of person: ConferenceReport.Person) -> Int? {
        if let known = participants.firstIndex(where: { $0.providerID == person.providerID }) { return known }
        guard let label = person.label else { return nil }
        return participants.lastIndex { $0.providerID.isEmpty && $0.label.utf8.elementsEqual(label.utf8) }
    }

    private mutating func take(
        _ report: ConferenceReport, _ index: Int, _ person: ConferenceReport.Person, _ now: Timestamp,
        _ changes: inout [Change]
    ) {
        guard report.sequence > participants[index].sequence else { return }
        guard participants[index].mayStillCome else { return }
        participants[index].sequence = report.sequence
        participants[index].providerID = person.providerID
        let isIn = participants[index].state == .joined
        if case .left(let status) = report.event {
            let wasIn = isIn || status == Self.completed
            if wasIn, !isIn { join(index, at: now, &changes) }
            leave(index, wasIn ? .left : .failed, status, at: now, &changes)
            return
        }
        participants[index].manners.isMuted = person.isMuted
        participants[index].isHeld = person.isHeld
        if isIn { changes.append(.kept(index)) } else { join(index, at: now, &changes) }
    }

    private static let completed = "completed"

    mutating func join(_ index: Int, at now: Timestamp, _ changes: inout [Change]) {
        participants[index].state = .joined
        participants[index].joined = now
        participants[index].left = nil
        participants[index].reason = nil
        changes.append(.joined(index))
    }

    /// The provider calls somebody after all.
    mutating func call(_ index: Int) {
        participants[index].state = .calling
        participants[index].left = nil
        participants[index].reason = nil
    }

    mutating func leave(
        _ index: Int, _ state: ConferenceParticipant.State, _ reason: String, at now: Timestamp,
        _ changes: inout [Change]
    ) {
        participants[index].state = state
        participants[index].left = now
        participants[index].reason = reason
        changes.append(state == .left ? .left(index) : .failed(index))
    }

    private mutating func start(at now: Timestamp, _ changes: inout [Change]) {
        guard conference.state == .waiting else { return }
        conference.state = .running
        conference.started = now
        changes.append(.started)
    }

    /// It is over, and nobody is in it any more.
    mutating func end(_ reason: String?, at now: Timestamp, _ changes: inout [Change]) {
        guard conference.state != .ended else { return }
        for index in participants.indices where participants[index].isOpen {
            let wasIn = participants[index].state == .joined
            leave(index, wasIn ? .left : .failed, "conference-ended", at: now, &changes)
        }
        conference.state = .ended
        conference.ended = now
        conference.reason = reason
        changes.append(.ended)
    }
}
