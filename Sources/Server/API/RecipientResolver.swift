import Gateway
import PhoneNumbers

/// Turns the `to` of an envelope into the people it goes to, and refuses numbers before any provider is asked.
struct RecipientResolver {
    let directory: ConfigurationDirectory
    let records: any RecordStore

    /// A number without a contact; waits for nothing.
    func resolve(stranger text: String) throws(Problem) -> ResolvedRecipient { resolved(try check(text), nil) }

    /// May wait for the disk.
    func resolve(_ recipient: Recipient) throws(Problem) -> [ResolvedRecipient] {
        switch recipient {
        case .number(let text):
            let place = try check(text)
            let contact = try read { () throws(StoreError) in
                try records.contact(withNumber: place.number.text)
            }
            return [resolved(place, contact)]
        case .contact(let id):
            guard let contact = try read({ () throws(StoreError) in try records.contact(id) }) else {
                throw refusal("unknown_contact", "there is no contact with this id")
            }
            return [try ofContact(contact)]
        case .boat(let id, let role): return try ofBoat(id, role)
        }
    }

    private func ofBoat(_ id: String, _ role: Recipient.BoatRole) throws(Problem) -> [ResolvedRecipient] {
        guard let boat = try read({ () throws(StoreError) in try records.boat(id) }) else {
            throw refusal("unknown_boat", "there is no boat with this id")
        }
        let people = boat.contacts.filter { role == .all || $0.role == role.rawValue }
        var recipients: [ResolvedRecipient] = []
        for person in people {
            guard let contact = try read({ () throws(StoreError) in try records.contact(person.contact) }) else {
                continue
            }
            var recipient = try ofContact(contact)
            recipient.boat = boat.id
            recipient.boatName = boat.name
            recipient.role = person.role
            recipients.append(recipient)
        }
        guard !recipients.isEmpty else {
            throw refusal("no_recipient", "this boat has no contact with the role \(role.rawValue)")
        }
        return recipients
    }

    private func ofContact(_ contact: ContactRecord) throws(Problem) -> ResolvedRecipient {
        guard let address = contact.addresses.first(where: { $0.kind == "phone" }) else {
            throw refusal("no_address", "this contact has no phone number")
        }
        return resolved(try check(address.value), contact)
    }

    /// A number that is one, in an allowed country, and no premium or satellite range.
    private func check(_ text: String) throws(Problem) -> (number: E164, country: String?) {
        let number: E164
        do {
            number = try E164(parsing: text)
        } catch {
            throw refusal("invalid_number", error.message)
        }
        let (country, range) = number.place
        guard !range.isRefused else {
            throw refusal("refused_range", "premium, shared-cost and satellite numbers are always refused")
        }
        guard number.hasPossibleLength(in: country) else {
            throw refusal("invalid_number", "the number is too short or too long for its country")
        }
        guard directory.allows(country) else {
            let country = country ?? "an unknown country"
            throw refusal(
                "country_not_allowed", "numbers of \(country) are not allowed; see countries.allow in channels.yaml")
        }
        return (number, country)
    }

    private func resolved(
        _ place: (number: E164, country: String?), _ contact: ContactRecord?
    ) -> ResolvedRecipient {
        let (number, country) = (place.number.text, place.country)
        let zone = contact?.timeZone ?? country.flatMap(ZoneCache.onlyZone) ?? directory.defaultTimeZone
        var recipient = ResolvedRecipient(
            number: number, country: country, locale: contact?.locale ?? directory.defaultLocale, timeZone: zone)
        recipient.contact = contact?.id
        recipient.contactName = contact?.name
        recipient.contactVerified =
            contact?.addresses.contains { $0.value == number && $0.verified } ?? false
        return recipient
    }

    private func refusal(_ code: String, _ detail: String) -> Problem {
        Problem(422, code, "The recipient cannot be used: " + detail + ".", errors: [.init("/to", detail)])
    }

    private func read<Value>(_ body: () throws(StoreError) -> Value) throws(Problem) -> Value {
        do {
            return try body()
        } catch {
            throw .cannotRead
        }
    }
}
