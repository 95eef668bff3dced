import Gateway

extension InMemoryStore: RecordStore {
    package func put(_ contact: ContactRecord) throws(StoreError) { try put([contact], []) }

    package func put(_ contacts: [ContactRecord], _ boats: [BoatRecord]) throws(StoreError) {
        read { contents in
            for var contact in contacts {
                contact.preferences = contents.contacts[ByteKey(contact.id)]?.preferences
                contents.contacts[ByteKey(contact.id)] = contact
            }
            for boat in boats { contents.boats[ByteKey(boat.id)] = boat }
        }
    }

    package func putPreferences(
        _ preferences: ContactPreferences?, ofContact id: String
    ) throws(StoreError) -> Bool {
        read { contents in
            guard var contact = contents.contacts[ByteKey(id)] else { return false }
            contact.preferences = preferences
            contents.contacts[ByteKey(id)] = contact
            return true
        }
    }

    package func contact(_ id: String) throws(StoreError) -> ContactRecord? {
        try read(.contact) { $0.contacts[ByteKey(id)] }
    }

    package func removeContact(_ id: String) throws(StoreError) -> Bool {
        let key = ByteKey(id)
        return read { contents in
            let wasThere = contents.contacts[key] != nil
            contents.contacts[key] = nil
            for boat in contents.boats.all() where boat.contacts.contains(where: { ByteKey($0.contact) == key }) {
                contents.boats[ByteKey(boat.id)]?.contacts.removeAll { ByteKey($0.contact) == key }
            }
            return wasThere
        }
    }

    package func contacts(after: String?, limit: Int) throws(StoreError) -> [ContactRecord] {
        read { $0.contacts.rows(after: after.map(ByteKey.init), limit: limit) }
    }

    package func contact(withNumber number: String) throws(StoreError) -> ContactRecord? {
        let wanted = ByteKey(number)
        func has(_ contact: ContactRecord, verified: Bool) -> Bool {
            contact.addresses.contains {
                $0.isOfPerson && $0.verified == verified && ByteKey($0.value) == wanted
            }
        }
        let contacts = read { $0.contacts.all() }
        return contacts.first { has($0, verified: true) } ?? contacts.first { has($0, verified: false) }
    }

    package func put(_ boat: BoatRecord) throws(StoreError) { read { $0.boats[ByteKey(boat.id)] = boat } }

    package func boat(_ id: String) throws(StoreError) -> BoatRecord? { read { $0.boats[ByteKey(id)] } }

    package func removeBoat(_ id: String) throws(StoreError) -> Bool {
        read { contents in
            defer { contents.boats[ByteKey(id)] = nil }
            return contents.boats[ByteKey(id)] != nil
        }
    }

    package func boats(after: String?, limit: Int) throws(StoreError) -> [BoatRecord] {
        read { $0.boats.rows(after: after.map(ByteKey.init), limit: limit) }
    }

    package func boats(ofContact id: String) throws(StoreError) -> [BoatRecord] {
        let wanted = ByteKey(id)
        return read { $0.boats.all() }.filter { $0.contacts.contains { ByteKey($0.contact) == wanted } }
    }

    package func put(_ key: KeyRecord) throws(StoreError) { read { $0.keys[ByteKey(key.id)] = key } }

    package func key(_ id: String) throws(StoreError) -> KeyRecord? { read { $0.keys[ByteKey(id)] } }

    package func keys() throws(StoreError) -> [KeyRecord] { read { $0.keys.all() } }

    package func review(_ id: RecordID) throws(StoreError) -> ReviewRecord? { try read(.review) { $0.reviews[id] } }

    package func reviews(openOnly: Bool, after: RecordID?, limit: Int) throws(StoreError) -> [ReviewRecord] {
        guard openOnly else { return read { $0.reviews.rows(after: after, limit: limit) } }
        let later = read { $0.reviews.rows(after: after, limit: .max) }
        return Array(later.lazy.filter(\.isOpen).prefix(max(0, limit)))
    }

    package func messages(before: RecordID?, limit: Int) throws(StoreError) -> [MessageRecord] {
        read { $0.messages.rows(before: before, limit: limit) }
    }

    package func message(_ id: RecordID) throws(StoreError) -> MessageRecord? { read { $0.messages[id] } }

    package func delivery(_ id: RecordID) throws(StoreError) -> DeliveryRecord? { read { $0.deliveries[id] } }

    package func deliveries(ofMessage id: RecordID) throws(StoreError) -> [DeliveryRecord] {
        read { contents in (contents.deliveriesOfMessage[id] ?? []).compactMap { contents.deliveries[$0] } }
    }

    package func state(of delivery: RecordID) throws(StoreError) -> StateRecord? {
        try read(.state) { $0.closed[delivery] ?? $0.states[delivery] }
    }

    package func events(of delivery: RecordID) throws(StoreError) -> [EventRecord] {
        try use { contents throws(StoreError) in
            guard let state = contents.closed[delivery] ?? contents.states[delivery] else { return [] }
            return try contents.history(of: state)
        }
    }

    package func marks(of number: String) throws(StoreError) -> [AddressMark] {
        let wanted = ByteKey(number)
        return read { $0.marks.all() }.filter { ByteKey($0.number) == wanted }
    }

    package func inbound(_ id: RecordID) throws(StoreError) -> InboundRecord? { read { $0.inbound[id] } }

    package func inbound(before: RecordID?, limit: Int) throws(StoreError) -> [InboundRecord] {
        read { $0.inbound.rows(before: before, limit: limit) }
    }
}
