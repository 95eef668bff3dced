/// What is known about numbers: unfitness, opt-outs, service windows. In memory, rebuilt from the store's marks.
struct AddressBook {
    private struct Key: Hashable {
        var kind: AddressMark.Kind
        var scope: String
    }

    private var marks: [String: [Key: AddressMark]] = [:]

    mutating func set(_ mark: AddressMark, now: Timestamp) {
        let key = Key(kind: mark.kind, scope: mark.scope)
        if let until = mark.until, until <= now {
            marks[mark.number]?[key] = nil
        } else {
            marks[mark.number, default: [:]][key] = mark
        }
    }

    /// Whether anything is known: of nearly all numbers nothing is.
    func knows(_ number: String) -> Bool { marks[number] != nil }

    private func mark(_ number: String, _ kind: AddressMark.Kind, _ scope: String, _ now: Timestamp) -> AddressMark? {
        guard let mark = marks[number]?[Key(kind: kind, scope: scope)] else { return nil }
        if let until = mark.until, until <= now { return nil }
        return mark
    }

    /// Every mark of a kind that has not ended, in the order of the scopes.
    func marks(of number: String, _ kind: AddressMark.Kind, now: Timestamp) -> [AddressMark] {
        guard let known = marks[number]?.values else { return [] }
        return known.filter { $0.kind == kind && ($0.until.map { $0 > now } ?? true) }.sorted { $0.scope < $1.scope }
    }

    /// The channel cannot reach the number.
    func isUnfit(_ number: String, channel: String, now: Timestamp) -> Bool {
        mark(number, .unfit, channel, now) != nil
    }

    /// The number is bad on every channel.
    func isBad(_ number: String, now: Timestamp) -> Bool { mark(number, .bad, "*", now) != nil }

    /// Consent was withdrawn for the sender, or for all and not given to the sender since.
    func isOptedOut(_ number: String, sender: String, now: Timestamp) -> Bool {
        if mark(number, .optedOut, sender, now) != nil { return true }
        guard let all = mark(number, .optedOut, "*", now) else { return false }
        return mark(number, .consented, sender, now).map { $0.at <= all.at } ?? true
    }

    /// Consent was given to the sender, or to all.
    func hasConsent(_ number: String, sender: String, now: Timestamp) -> Bool {
        mark(number, .consented, sender, now) != nil || mark(number, .consented, "*", now) != nil
    }

    /// What was last said to exactly this sender, or to `*`.
    func consent(_ number: String, sender: String, now: Timestamp) -> ConsentRecord? {
        (mark(number, .consented, sender, now) ?? mark(number, .optedOut, sender, now)).flatMap { ConsentRecord($0) }
    }

    /// When the person last wrote to the sender.
    func lastInbound(_ number: String, channel: String, now: Timestamp) -> Timestamp? {
        mark(number, .inbound, channel, now)?.at
    }
}
