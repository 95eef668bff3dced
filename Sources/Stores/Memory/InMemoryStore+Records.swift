import Gateway

extension InMemoryStore: RecordStore {
    package func put(_ contact: ContactRecord) throws(StoreError) { try put([contact], []) }

    package func put(_ contacts: [ContactRecord], _ boats: [BoatRecord]) throws(StoreError) {
        read { contents in
            for var contact in contacts {
                contact.preferences = contents.contacts[ByteKey(contact.id)]?.preferences
                contents.contacts[ByteKey(contact.id)] = contact
                contents.aliases[ByteKey(contact.id)] = nil
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

    package func putPIN(_ pin: PINRecord?, ofContact id: String) throws(StoreError) -> Bool {
        read { contents in
            guard contents.contacts[ByteKey(id)] != nil else { return false }
            contents.pins[ByteKey(id)] = pin
            return true
        }
    }

    package func pin(ofContact id: String) throws(StoreError) -> PINRecord? { read { $0.pins[ByteKey(id)] } }

    package func contact(_ id: String) throws(StoreError) -> ContactRecord? {
        try read(.contact) { contents in
            contents.contacts[ByteKey(id)] ?? contents.aliases[ByteKey(id)].flatMap { contents.contacts[ByteKey($0)] }
        }
    }

    package func merge(_ contact: ContactRecord, from other: String, _ boats: [BoatRecord]) throws(StoreError) {
        read { contents in
            contents.contacts[ByteKey(contact.id)] = contact
            contents.aliases[ByteKey(contact.id)] = nil
            for boat in boats { contents.boats[ByteKey(boat.id)] = boat }
            let pin = contents.pins[ByteKey(contact.id)] ?? contents.pins[ByteKey(other)]
            contents.removeContact(other)
            contents.pins[ByteKey(contact.id)] = pin
            // What went into the other one before goes along.
            for (alias, target) in contents.aliases where ByteKey(target) == ByteKey(other) {
                contents.aliases[alias] = contact.id
            }
            contents.aliases[ByteKey(other)] = contact.id
            for var media in contents.media.all() where media.contact.map(ByteKey.init) == ByteKey(other) {
                media.contact = contact.id
                contents.media[media.id] = media
            }
        }
    }

    package func successor(ofContact id: String) throws(StoreError) -> String? { read { $0.aliases[ByteKey(id)] } }

    package func removeContact(_ id: String) throws(StoreError) -> Bool {
        read { contents in
            contents.aliases = contents.aliases.filter { ByteKey($0.value) != ByteKey(id) }
            return contents.removeContact(id)
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

    package func review(_ id: RecordID) throws(StoreError) -> ReviewRecord? {
        try read(.review) { contents in contents.reviews[id].map(contents.resolved) }
    }

    package func reviews(openOnly: Bool, after: RecordID?, limit: Int) throws(StoreError) -> [ReviewRecord] {
        read { contents in
            let later = contents.reviews.rows(after: after, limit: openOnly ? .max : limit)
            return later.lazy.filter { $0.isOpen || !openOnly }.prefix(max(0, limit)).map(contents.resolved)
        }
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

    package func inbound(_ id: RecordID) throws(StoreError) -> InboundRecord? {
        read { contents in contents.inbound[id].map(contents.resolved) }
    }

    package func inbound(before: RecordID?, limit: Int) throws(StoreError) -> [InboundRecord] {
        read { contents in contents.inbound.rows(before: before, limit: limit).map(contents.resolved) }
    }
}

extension StoreContents {
    /// With addresses and roles; whether it was there.
    @discardableResult
    mutating func removeContact(_ id: String) -> Bool {
        let key = ByteKey(id)
        let wasThere = contacts[key] != nil
        contacts[key] = nil
        pins[key] = nil
        for boat in boats.all() where boat.contacts.contains(where: { ByteKey($0.contact) == key }) {
            boats[ByteKey(boat.id)]?.contacts.removeAll { ByteKey($0.contact) == key }
        }
        return wasThere
    }

    /// With the contact into which its contact was merged.
    func resolved(_ inbound: InboundRecord) -> InboundRecord {
        var inbound = inbound
        if let contact = inbound.contact { inbound.contact = aliases[ByteKey(contact)] ?? contact }
        return inbound
    }

    /// With the contact into which its contact was merged.
    func resolved(_ review: ReviewRecord) -> ReviewRecord {
        var review = review
        if let contact = review.contact { review.contact = aliases[ByteKey(contact)] ?? contact }
        return review
    }
}
