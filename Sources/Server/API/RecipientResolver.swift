import Gateway
import PhoneNumbers
import Zones

/// Turns the `to` of an envelope into the people it goes to, and refuses numbers before any provider is asked.
struct RecipientResolver {
    let configuration: GatewayConfiguration
    let records: any RecordStore
    let zones: ZoneTable?

    /// May wait for the disk.
    func resolve(_ recipient: Recipient) throws(Problem) -> [ResolvedRecipient] {
        switch recipient {
        case .number(let text):
            let number = try check(text)
            return [
                resolved(number, try read { () throws(StoreError) in try records.contact(withNumber: number.text) })
            ]
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
    private func check(_ text: String) throws(Problem) -> E164 {
        let number: E164
        do {
            number = try E164(parsing: text)
        } catch {
            throw refusal("invalid_number", error.message)
        }
        guard !number.range.isRefused else {
            throw refusal("refused_range", "premium, shared-cost and satellite numbers are always refused")
        }
        guard number.hasPossibleLength else {
            throw refusal("invalid_number", "the number is too short or too long for its country")
        }
        guard configuration.countries.allows(number.country) else {
            let country = number.country ?? "an unknown country"
            throw refusal(
                "country_not_allowed", "numbers of \(country) are not allowed; see countries.allow in channels.yaml")
        }
        return number
    }

    private func resolved(_ number: E164, _ contact: ContactRecord?) -> ResolvedRecipient {
        let gateway = configuration.gateway
        let country = number.country
        let zone = contact?.timeZone ?? country.flatMap { zones?.onlyZone(ofCountry: $0)?.name } ?? gateway.timeZone
        var recipient = ResolvedRecipient(
            number: number.text, country: country, locale: contact?.locale ?? gateway.defaultLocale, timeZone: zone)
        recipient.contact = contact?.id
        recipient.contactName = contact?.name
        recipient.contactVerified =
            contact?.addresses.contains { $0.value == number.text && $0.verified } ?? false
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
