import Zones

/// The values of an outbound envelope's fields, as conditions see them. A class, because it is handed on for every rule.
final class OutboundFacts {
    let envelope: Envelope
    let recipient: ResolvedRecipient
    let openAlert: Bool
    let now: Timestamp
    /// The recipient's; looked up for the rules that ask for it.
    private(set) lazy var zone = ZoneCache.zone(recipient.timeZone)

    init(envelope: Envelope, recipient: ResolvedRecipient, openAlert: Bool, now: Timestamp) {
        self.envelope = envelope
        self.recipient = recipient
        self.openAlert = openAlert
        self.now = now
    }

    func value(of field: MatchField) -> MatchValue {
        switch field {
        case .topic: return .text(envelope.topic)
        case .priority: return .number(envelope.priority.rank)
        case .messageClass: return .text(envelope.messageClass.rawValue)
        case .policy: return text(envelope.policy)
        case .tenant: return .text(envelope.tenant)
        case .text: return .text(searchableText)
        case .media: return .number(envelope.media.count)
        case .label(let key): return text(envelope.labels[key])
        case .to(let part): return party(part)
        case .contact: return .text(contactWord)
        case .locale: return .text(envelope.locale ?? recipient.locale)
        case .localTime: return .localTime(LocalMoment(now, in: zone))
        case .weekday: return .number(zone.local(now.milliseconds / 1_000).weekday)
        case .openAlert: return .flag(openAlert)
        case .tier: return CountryTable.tier(of: recipient.country).map(MatchValue.number) ?? .absent
        case .sanctioned: return .flag(CountryTable.isSanctioned(recipient.country))
        case .localNumber: return .flag(CountryTable.needsLocalNumber(recipient.country))
        case .prefers: return text(recipient.preferences?.channel(for: envelope.topic)?.rawValue)
        case .channel, .from, .window: return .absent
        }
    }

    /// Variables reach the message as well: content rules look at all that would leave the house.
    private var searchableText: String {
        var parts = [envelope.text].compactMap { $0 }
        for member in envelope.variables.members {
            switch member.value {
            case .string(let text): parts.append(text)
            case .object, .array: parts.append(member.value.text)
            case .integer(let number): parts.append(String(number))
            default: break
            }
        }
        return parts.joined(separator: "\n")
    }

    private var contactWord: String {
        recipient.contact == nil ? "unknown" : recipient.contactVerified ? "verified" : "known"
    }

    private func party(_ part: MatchField.PartyField) -> MatchValue {
        switch part {
        case .number: .text(recipient.number)
        case .country: text(recipient.country)
        case .contact: text(recipient.contact)
        case .boat: text(recipient.boat)
        case .role: text(recipient.role)
        }
    }

    private func text(_ value: String?) -> MatchValue { value.map(MatchValue.text) ?? .absent }
}
