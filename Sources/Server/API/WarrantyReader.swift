import Gateway
import JSON

/// Reads the body of `PUT /v1/warranties/{id}`; every fault has its JSON pointer.
struct WarrantyReader {
    private var faults = RequestFaults()

    private static let fields = [
        "id", "boat", "item", "expires_on", "claim_url", "variables", "labels", "attachments",
    ]

    /// - Parameter tenant: of the key.
    static func read(_ id: String, _ object: JSONObject, tenant: String) throws(Problem) -> WarrantyRecord {
        var reader = WarrantyReader()
        let warranty = reader.read(id, object)
        try reader.faults.check()
        var record = warranty
        record.tenant = tenant
        return record
    }

    private mutating func read(_ id: String, _ object: JSONObject) -> WarrantyRecord {
        faults.addUnknown(of: object, Self.fields)
        if let named = object["id"]?.string, named != id { faults.add("/id", "is another id than the address has") }
        let boat = text(object, "boat")
        if let boat, !JobCodec.isIdentifier(boat) { faults.add("/boat", "must be the id of a boat") }
        let item = text(object, "item")
        let day = object["expires_on"]?.string.flatMap(WarrantyRecord.day)
        if day == nil { faults.add("/expires_on", "must be a day such as 2027-03-31") }
        var warranty = WarrantyRecord(id: id, boat: boat ?? "", item: item ?? "", expires: day ?? 0)
        warranty.claimURL = url(object["claim_url"], "/claim_url")
        if let variables = object["variables"] {
            if let members = variables.object, members.count <= 64 {
                warranty.variables = members
            } else {
                faults.add("/variables", "must be an object of at most 64 members")
            }
        }
        for (key, value) in members(object, "labels", 30) {
            if let text = value.string, text.utf8.count <= 1_000, JobCodec.isIdentifier(key) {
                warranty.labels[key] = text
            } else {
                faults.add("/labels/" + RequestFaults.escaped(key), "must be a text of at most 1,000 bytes")
            }
        }
        warranty.attachments = attachments(object)
        return warranty
    }

    private mutating func text(_ object: JSONObject, _ name: String) -> String? {
        if let text = object[name]?.string, (1...200).contains(text.utf8.count) { return text }
        faults.add("/" + name, object[name] == nil ? "is missing" : "must be a text of 1 to 200 bytes")
        return nil
    }

    private mutating func members(_ object: JSONObject, _ name: String, _ limit: Int) -> [(String, JSONValue)] {
        guard let value = object[name] else { return [] }
        if let members = value.object?.members, members.count <= limit { return members.map { ($0.key, $0.value) } }
        faults.add("/" + name, "must be an object of at most \(limit) texts")
        return []
    }

    private mutating func attachments(_ object: JSONObject) -> [String] {
        guard let value = object["attachments"] else { return [] }
        guard let items = value.array, items.count <= 10 else {
            faults.add("/attachments", "must be a list of at most ten https URLs")
            return []
        }
        return items.enumerated().compactMap { url($0.element, "/attachments/\($0.offset)") }
    }

    private mutating func url(_ value: JSONValue?, _ pointer: String) -> String? {
        guard let value else { return nil }
        if let text = value.string, text.hasPrefix("https://"), text.utf8.count <= 2_048 { return text }
        faults.add(pointer, "must be an https URL of at most 2,048 bytes")
        return nil
    }
}
