import JSON
import Zones

/// The stored form of a warranty: JSON, without what stores keep in columns of their own (`id`, `look`).
public enum WarrantyCodec {
    /// `warranty.body`.
    public static func encode(_ warranty: WarrantyRecord) -> [UInt8] {
        var out = JSONObject([
            ("tenant", .string(warranty.tenant)), ("boat", .string(warranty.boat)), ("item", .string(warranty.item)),
            ("expires", .int(warranty.expires)), ("version", .integer(warranty.version)),
            ("armed", .integer(warranty.armed.milliseconds)), ("leads", .array(warranty.leads.map { .int($0) })),
        ])
        out["claim_url"] = warranty.claimURL.map(JSONValue.string)
        if !warranty.variables.isEmpty { out["variables"] = .object(warranty.variables) }
        if !warranty.labels.isEmpty {
            let labels = warranty.labels.sorted { $0.key < $1.key }
            out["labels"] = .object(JSONObject(labels.map { ($0.key, .string($0.value)) }))
        }
        if !warranty.attachments.isEmpty { out["attachments"] = .array(warranty.attachments.map(JSONValue.string)) }
        return JSONValue.object(out).bytes()
    }

    /// Reads what `encode` wrote.
    public static func decode(_ id: String, _ body: [UInt8], look: Timestamp?) throws(StoreError) -> WarrantyRecord {
        guard let value = try? JSONValue(parsing: body), let boat = value["boat"]?.string,
            let item = value["item"]?.string, let expires = value["expires"]?.int,
            let version = value["version"]?.int, let armed = value["armed"]?.int
        else { throw ByteReader.damaged }
        var warranty = WarrantyRecord(id: id, boat: boat, item: item, expires: Int(expires))
        warranty.tenant = value["tenant"]?.string ?? "default"
        warranty.version = version
        warranty.armed = Timestamp(milliseconds: armed)
        warranty.leads = value["leads"]?.array?.compactMap { $0.int.map { Int($0) } } ?? []
        warranty.look = look
        warranty.claimURL = value["claim_url"]?.string
        warranty.variables = value["variables"]?.object ?? JSONObject()
        for (key, value) in value["labels"]?.object?.members ?? [] { warranty.labels[key] = value.string }
        warranty.attachments = value["attachments"]?.array?.compactMap(\.string) ?? []
        return warranty
    }
}

extension WarrantyRecord {
    /// What a reminder of a lead time says, to the boat's people. The caller's variables and labels win over ours.
    public func envelope(lead: Int, _ settings: WarrantySettings) -> Envelope {
        var envelope = Envelope(
            to: .boat(boat, role: settings.role), topic: settings.topic, template: settings.template)
        var values = JSONObject([
            ("item", .string(item)), ("warranty_end", .string(Self.text(ofDay: expires))), ("days_left", .int(lead)),
            // Empty where there is none: a text that names it must not fail months after the warranty was put.
            ("claim_url", .string(claimURL ?? "")),
        ])
        for (key, value) in variables.members { values[key] = value }
        envelope.variables = values
        envelope.labels = ["warranty": id, "lead_time": "\(lead)d"].merging(labels) { _, own in own }
        envelope.media = attachments
        envelope.priority = settings.priority
        envelope.tenant = tenant
        return envelope
    }

    /// `2027-03-31`.
    public static func text(ofDay day: Int) -> String {
        let date = CivilDate(daysSinceEpoch: day)
        func padded(_ number: Int, _ count: Int) -> String {
            String(repeating: "0", count: max(0, count - String(number).count)) + String(number)
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    /// The days since 1970 of `2027-03-31`; `nil` for what is no day of the years 1970 to 9999.
    public static func day(of text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], let year = ScalarText.integer(parts[0]), year >= 1970,
            let month = ScalarText.integer(parts[1]), let day = ScalarText.integer(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
    }
}
