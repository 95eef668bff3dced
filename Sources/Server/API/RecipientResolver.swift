import Gateway

/// Turns the `to` of an envelope into the people it goes to, and refuses numbers before any provider is asked.
struct RecipientResolver {
    let directory: ConfigurationDirectory
    let records: any RecordStore

    /// A number without a contact; waits for nothing.
    func resolve(stranger text: String) throws(Problem) -> ResolvedRecipient { try resolved(text, nil) }

    /// May wait for the disk.
    func resolve(_ recipient: Recipient) throws(Problem) -> [ResolvedRecipient] {
        switch recipient {
        case .number(let text):
            var recipient = try resolved(text, nil)
            let number = recipient.number
            if let contact = try read({ () throws(StoreError) in try records.contact(withNumber: number) }) {
                recipient = try resolved(text, contact)
            }
            return [recipient]
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
        return try resolved(address.value, contact)
    }

    private func resolved(_ text: String, _ contact: ContactRecord?) throws(Problem) -> ResolvedRecipient {
        do {
            return try directory.recipient(text, contact)
        } catch {
            throw refusal(error.code, error.message)
        }
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
