import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ contact: ContactRecord) throws(StoreError) {
        try change { database throws(StoreError) in try database.put(contact) }
    }

    package func put(_ contacts: [ContactRecord], _ boats: [BoatRecord]) throws(StoreError) {
        try change { database throws(StoreError) in
            for contact in contacts { try database.put(contact) }
            for boat in boats { try database.put(boat) }
        }
    }

    package func merge(_ contact: ContactRecord, from other: String, _ boats: [BoatRecord]) throws(StoreError) {
        let preferences = contact.preferenceBytes.map(SQLValue.blob) ?? .null
        try change { database throws(StoreError) in
            try database.put(contact)
            try database.run("UPDATE contact SET preferences = ? WHERE id = ?", preferences, .text(contact.id))
            for boat in boats { try database.put(boat) }
            try database.run(
                "INSERT OR IGNORE INTO pin SELECT ?, hash, since FROM pin WHERE contact = ?", .text(contact.id),
                .text(other))
            try database.removeContact(other)
            // What went into the other one before goes along.
            try database.run(
                "UPDATE contact_alias SET contact = ? WHERE contact = ?", .text(contact.id), .text(other))
            try database.run(
                "REPLACE INTO contact_alias(alias, contact) VALUES (?, ?)", .text(other), .text(contact.id))
            try database.run("UPDATE media SET contact = ? WHERE contact = ?", .text(contact.id), .text(other))
        }
    }

    package func successor(ofContact id: String) throws(StoreError) -> String? {
        try read { database throws(StoreError) in try database.successor(ofContact: id) }
    }

    package func putPreferences(
        _ preferences: ContactPreferences?, ofContact id: String
    ) throws(StoreError) -> Bool {
        var holder = ContactRecord(id: id, name: "")
        holder.preferences = preferences
        let bytes = holder.preferenceBytes
        return try change { database throws(StoreError) in
            try database.run(
                "UPDATE contact SET preferences = ? WHERE id = ?", bytes.map(SQLValue.blob) ?? .null, .text(id))
            return database.changes > 0
        }
    }

    package func putPIN(_ pin: PINRecord?, ofContact id: String) throws(StoreError) -> Bool {
        try change { database throws(StoreError) in
            guard let pin else {
                try database.run("DELETE FROM pin WHERE contact = ?", .text(id))
                return try database.ownContact(id) != nil
            }
            try database.run(
                "REPLACE INTO pin SELECT id, ?, ? FROM contact WHERE id = ?", .text(pin.hash),
                .integer(pin.since.milliseconds), .text(id))
            return database.changes > 0
        }
    }

    package func pin(ofContact id: String) throws(StoreError) -> PINRecord? {
        try read { database throws(StoreError) in
            try database.first("SELECT hash, since FROM pin WHERE contact = ?", .text(id)) {
                PINRecord(hash: $0.text(0), since: Timestamp(milliseconds: $0.integer(1)))
            }
        }
    }

    package func contact(_ id: String) throws(StoreError) -> ContactRecord? {
        try look { database throws(StoreError) in try database.contact(id) }
    }

    package func removeContact(_ id: String) throws(StoreError) -> Bool {
        try change { database throws(StoreError) in
            try database.run("DELETE FROM contact_alias WHERE contact = ?", .text(id))
            return try database.removeContact(id)
        }
    }

    package func contacts(after: String?, limit: Int) throws(StoreError) -> [ContactRecord] {
        try look { database throws(StoreError) in
            let ids = try database.ids(in: "contact", after: after, limit: limit)
            return try database.each(ids, Database.contact)
        }
    }

    package func contact(withNumber number: String) throws(StoreError) -> ContactRecord? {
        try look { database throws(StoreError) in
            // The verified one first, so that nobody takes over a number by claiming it.
            let id = try database.first(
                """
                SELECT contact FROM address WHERE value = ? AND kind IN ('phone', 'whatsapp')
                ORDER BY verified DESC, contact LIMIT 1
                """, .text(number)
            ) { $0.text(0) }
            guard let id else { return nil }
            return try database.contact(id)
        }
    }

    package func put(_ boat: BoatRecord) throws(StoreError) {
        try change { database throws(StoreError) in try database.put(boat) }
    }

    package func boat(_ id: String) throws(StoreError) -> BoatRecord? {
        try look { database throws(StoreError) in try database.boat(id) }
    }

    package func removeBoat(_ id: String) throws(StoreError) -> Bool {
        try change { database throws(StoreError) in
            try database.run("DELETE FROM boat_contact WHERE boat = ?", .text(id))
            try database.run("DELETE FROM boat WHERE id = ?", .text(id))
            return database.changes > 0
        }
    }

    package func boats(after: String?, limit: Int) throws(StoreError) -> [BoatRecord] {
        try look { database throws(StoreError) in
            let ids = try database.ids(in: "boat", after: after, limit: limit)
            return try database.each(ids, Database.boat)
        }
    }

    package func boats(ofContact id: String) throws(StoreError) -> [BoatRecord] {
        try look { database throws(StoreError) in
            let ids = try database.all(
                "SELECT DISTINCT boat FROM boat_contact WHERE contact = ? ORDER BY boat", .text(id)
            ) { $0.text(0) }
            return try database.each(ids, Database.boat)
        }
    }
}

extension Database {
    /// One page of the identifiers of `contact` or `boat`.
    fileprivate func ids(in table: StaticString, after: String?, limit: Int) throws(StoreError) -> [String] {
        guard let after else {
            return try all("SELECT id FROM \(table) ORDER BY id LIMIT ?", .limit(limit)) { $0.text(0) }
        }
        return try all("SELECT id FROM \(table) WHERE id > ? ORDER BY id LIMIT ?", .text(after), .limit(limit)) {
            $0.text(0)
        }
    }

    fileprivate func put(_ contact: ContactRecord) throws(StoreError) {
        try run(
            """
            INSERT INTO contact(id, name, locale, time_zone) VALUES (?, ?, ?, ?)
            ON CONFLICT(id) DO UPDATE
            SET name = excluded.name, locale = excluded.locale, time_zone = excluded.time_zone
            """, .text(contact.id), .text(contact.name), .text(contact.locale), .text(contact.timeZone))
        // Whoever is put is somebody, whatever went before.
        try run("DELETE FROM contact_alias WHERE alias = ?", .text(contact.id))
        try run("DELETE FROM address WHERE contact = ?", .text(contact.id))
        for (position, address) in contact.addresses.enumerated() {
            try run(
                "INSERT INTO address(contact, position, kind, value, verified) VALUES (?, ?, ?, ?, ?)",
                .text(contact.id), .integer(Int64(position)), .text(address.kind), .text(address.value),
                .flag(address.verified))
        }
    }

    fileprivate func put(_ boat: BoatRecord) throws(StoreError) {
        try run("REPLACE INTO boat(id, name) VALUES (?, ?)", .text(boat.id), .text(boat.name))
        try run("DELETE FROM boat_contact WHERE boat = ?", .text(boat.id))
        for (position, person) in boat.contacts.enumerated() {
            try run(
                "INSERT INTO boat_contact(boat, position, contact, role) VALUES (?, ?, ?, ?)", .text(boat.id),
                .integer(Int64(position)), .text(person.contact), .text(person.role))
        }
    }

    /// With addresses and roles; whether it was there.
    @discardableResult
    fileprivate func removeContact(_ id: String) throws(StoreError) -> Bool {
        try run("DELETE FROM address WHERE contact = ?", .text(id))
        try run("DELETE FROM boat_contact WHERE contact = ?", .text(id))
        try run("DELETE FROM pin WHERE contact = ?", .text(id))
        try run("DELETE FROM contact WHERE id = ?", .text(id))
        return changes > 0
    }

    fileprivate func successor(ofContact id: String) throws(StoreError) -> String? {
        try first("SELECT contact FROM contact_alias WHERE alias = ?", .text(id)) { $0.text(0) }
    }

    func contact(_ id: String) throws(StoreError) -> ContactRecord? {
        if let contact = try ownContact(id) { return contact }
        guard let successor = try successor(ofContact: id) else { return nil }
        return try ownContact(successor)
    }

    fileprivate func ownContact(_ id: String) throws(StoreError) -> ContactRecord? {
        let found = try first(
            "SELECT name, locale, time_zone, preferences FROM contact WHERE id = ?", .text(id)
        ) { row throws(StoreError) in
            var contact = ContactRecord(id: id, name: row.text(0))
            contact.locale = row.optionalText(1)
            contact.timeZone = row.optionalText(2)
            try contact.takePreferences(row.optionalBlob(3))
            return contact
        }
        guard var contact = found else { return nil }
        contact.addresses = try all(
            "SELECT kind, value, verified FROM address WHERE contact = ? ORDER BY position", .text(id)
        ) { ContactAddress(kind: $0.text(0), value: $0.text(1), verified: $0.flag(2)) }
        return contact
    }

    fileprivate func boat(_ id: String) throws(StoreError) -> BoatRecord? {
        let found = try first("SELECT name FROM boat WHERE id = ?", .text(id)) { BoatRecord(id: id, name: $0.text(0)) }
        guard var boat = found else { return nil }
        boat.contacts = try all(
            "SELECT contact, role FROM boat_contact WHERE boat = ? ORDER BY position", .text(id)
        ) { BoatContact(contact: $0.text(0), role: $0.text(1)) }
        return boat
    }
}
