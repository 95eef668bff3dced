import Gateway
import JSON
import PhoneNumbers

/// Reads contacts, boats and keys; every fault has its JSON pointer.
struct RecordReader {
    private var faults = RequestFaults()

    /// What a new key may do.
    struct KeyWish: Sendable {
        var name: String
        var scopes: [String]
        var tenant: String
        var dailyCalls: Int?
        var dailySpend: Int64?
    }

    static let scopes = [
        "*", "messages:read", "messages:write", "contacts:read", "contacts:write", "reviews:read",
        "reviews:write", "tasks:read", "tasks:write", "rooms:read", "rooms:write", "conferences:read",
        "conferences:write", "keys:write", "config:read", "config:write", "costs:read",
        "warranties:read", "warranties:write", "errors:read", "errors:all", "receipts:read", "documents:read",
        "documents:write", "events:read", "events:all", "subscriptions:read", "subscriptions:write",
        "media:read", "media:write",
    ]

    private static func finish<Value>(_ value: Value, _ reader: RecordReader) throws(Problem) -> Value {
        try reader.faults.check()
        return value
    }

    private mutating func fault(_ pointer: String, _ detail: String) { faults.add(pointer, detail) }

    private mutating func text(_ object: JSONObject, _ name: String, at pointer: String = "", required: Bool = true)
        -> String?
    {
        guard let value = object[name] else {
            if required { fault(pointer + "/" + name, "is missing") }
            return nil
        }
        guard let text = value.string, (1...200).contains(text.utf8.count) else {
            fault(pointer + "/" + name, "must be a text of 1 to 200 bytes")
            return nil
        }
        return text
    }

    // MARK: contacts and boats

    static func contact(_ id: String, _ object: JSONObject) throws(Problem) -> ContactRecord {
        var reader = RecordReader()
        reader.faults.addUnknown(of: object, ["id", "name", "locale", "time_zone", "addresses", "phone"])
        var contact = ContactRecord(id: id, name: reader.text(object, "name") ?? "")
        contact.locale = reader.text(object, "locale", required: false)
        contact.timeZone = reader.text(object, "time_zone", required: false)
        if let phone = reader.text(object, "phone", required: false) { reader.phone(phone, "/phone", false, &contact) }
        let addresses = object["addresses"]?.array ?? []
        for (index, address) in addresses.enumerated() { reader.address(address, "/addresses/\(index)", &contact) }
        return try finish(contact, reader)
    }

    private mutating func address(_ value: JSONValue, _ pointer: String, _ contact: inout ContactRecord) {
        guard let object = value.object else {
            fault(pointer, "must be an object")
            return
        }
        faults.addUnknown(of: object, ["kind", "value", "verified"], at: pointer)
        guard let kind = text(object, "kind", at: pointer), let value = text(object, "value", at: pointer) else {
            return
        }
        let verified = object["verified"]?.bool ?? false
        switch kind {
        case "phone": phone(value, pointer + "/value", verified, &contact)
        case "whatsapp" where !value.hasPrefix("+"):
            guard WhatsAppID.isValid(value) else { return fault(pointer + "/value", WhatsAppID.rule) }
            contact.addresses.append(ContactAddress(kind: kind, value: value, verified: verified))
        case "whatsapp": phone(value, pointer + "/value", verified, &contact, kind: kind)
        case "email": contact.addresses.append(ContactAddress(kind: kind, value: value, verified: verified))
        default: fault(pointer + "/kind", "must be phone, whatsapp or email")
        }
    }

    private mutating func phone(
        _ text: String, _ pointer: String, _ verified: Bool, _ contact: inout ContactRecord, kind: String = "phone"
    ) {
        do {
            let number = try E164(parsing: text)
            contact.addresses.append(ContactAddress(kind: kind, value: number.text, verified: verified))
        } catch {
            fault(pointer, error.message)
        }
    }

    static func boat(_ id: String, _ object: JSONObject) throws(Problem) -> BoatRecord {
        var reader = RecordReader()
        reader.faults.addUnknown(of: object, ["id", "name", "contacts"])
        var boat = BoatRecord(id: id, name: reader.text(object, "name") ?? "")
        for (index, value) in (object["contacts"]?.array ?? []).enumerated() {
            let pointer = "/contacts/\(index)"
            guard let object = value.object else {
                reader.fault(pointer, "must be an object")
                continue
            }
            reader.faults.addUnknown(of: object, ["id", "role"], at: pointer)
            guard let contact = reader.text(object, "id", at: pointer) else { continue }
            let role = reader.text(object, "role", at: pointer, required: false) ?? "owner"
            guard ["owner", "broker", "other"].contains(role) else {
                reader.fault(pointer + "/role", "must be owner, broker or other")
                continue
            }
            boat.contacts.append(BoatContact(contact: contact, role: role))
        }
        return try finish(boat, reader)
    }

    // MARK: keys

    static func key(_ object: JSONObject) throws(Problem) -> KeyWish {
        var reader = RecordReader()
        reader.faults.addUnknown(of: object, ["name", "scopes", "tenant", "daily_calls", "daily_spend"])
        let name = reader.text(object, "name") ?? ""
        let scopes = object["scopes"]?.array?.compactMap(\.string) ?? []
        for (index, scope) in scopes.enumerated() where !Self.scopes.contains(scope) {
            reader.fault("/scopes/\(index)", "unknown scope; known are " + Self.scopes.joined(separator: ", "))
        }
        if scopes.isEmpty { reader.fault("/scopes", "at least one scope is needed") }
        var wish = KeyWish(
            name: name, scopes: scopes, tenant: reader.text(object, "tenant", required: false) ?? "default")
        if let calls = object["daily_calls"] {
            if let value = calls.int, value >= 0 {
                wish.dailyCalls = Int(value)
            } else {
                reader.fault("/daily_calls", "must be a whole number")
            }
        }
        if let spend = object["daily_spend"] {
            if let micros = spend.string.flatMap({ Money.micros($0) }) {
                wish.dailySpend = micros
            } else {
                reader.fault("/daily_spend", "must be a decimal text such as \"5.00\"")
            }
        }
        return try finish(wish, reader)
    }
}
