extension ContactRecord {
    /// The contact when another one turns out to be the same person: its own addresses first, then those of the other,
    /// each once and verified if it was with either; what it does not know itself is the other's.
    public func merged(with other: ContactRecord) -> ContactRecord {
        var merged = self
        for address in other.addresses {
            let known = merged.addresses.firstIndex { $0.kind == address.kind && $0.value == address.value }
            if let known {
                merged.addresses[known].verified = merged.addresses[known].verified || address.verified
            } else {
                merged.addresses.append(address)
            }
        }
        if name.isEmpty { merged.name = other.name }
        merged.locale = locale ?? other.locale
        merged.timeZone = timeZone ?? other.timeZone
        merged.preferences = preferences ?? other.preferences
        return merged
    }
}

extension BoatRecord {
    /// The boat when what one contact was on it another is: each role once, at its first place.
    public func handed(from other: String, to contact: String) -> BoatRecord {
        var handed = self
        handed.contacts = []
        for person in contacts {
            let link = BoatContact(contact: person.contact == other ? contact : person.contact, role: person.role)
            if link.contact != contact || !handed.contacts.contains(link) { handed.contacts.append(link) }
        }
        return handed
    }
}
