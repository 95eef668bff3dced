import Gateway
import HTTP
import JSON

/// Reads the bodies of requests about conferences; every fault has its JSON pointer.
struct ConferenceReader {
    private let object: JSONObject
    private var faults = RequestFaults()

    /// Whom to invite, and how.
    struct Wish: Sendable {
        var to: Recipient
        var invite: ConferenceInvite
    }

    /// Roles are words for what most people are; flags beside them go before.
    private enum Role: String, CaseIterable {
        case host, speaker, listener, coach
    }

    static func wish(_ body: [UInt8]) throws(Problem) -> Wish {
        var reader = try ConferenceReader(
            body,
            [
                "to", "label", "role", "boat", "start_on_enter", "end_on_exit", "muted", "coach", "record",
            ])
        var invite = ConferenceInvite(number: "")
        let to = reader.recipient()
        invite.label = reader.label("label")
        invite.boat = reader.text("boat", isRequired: false)
        if let boat = invite.boat, !JobCodec.isIdentifier(boat) {
            reader.faults.add("/boat", "must be a boat's id: 1 to 64 letters, digits, '.', '_' and '-'")
        }
        invite.isRecorded = reader.flag("record") ?? false
        invite.manners = reader.manners()
        try reader.faults.check()
        return Wish(to: to ?? .number(""), invite: invite)
    }

    static func change(_ body: [UInt8]) throws(Problem) -> SeatChange {
        var reader = try ConferenceReader(body, ["muted", "hold", "end_on_exit", "coach", "announce"])
        var change = SeatChange()
        change.isMuted = reader.flag("muted")
        change.isHeld = reader.flag("hold")
        change.endsOnExit = reader.flag("end_on_exit")
        change.coaches = reader.object["coach"] == .null ? "" : reader.label("coach")
        change.announce = reader.url("announce", isRequired: false)
        if change.isEmpty, reader.object.count == 0 { reader.faults.add("", "nothing is to be changed") }
        try reader.faults.check()
        return change
    }

    static func announcement(_ body: [UInt8]) throws(Problem) -> String {
        var reader = try ConferenceReader(body, ["url"])
        let url = reader.url("url", isRequired: true)
        try reader.faults.check()
        return url ?? ""
    }

    private init(_ body: [UInt8], _ fields: [String]) throws(Problem) {
        object = try JSONObject.read(body)
        faults.addUnknown(of: object, fields)
    }

    /// One person: a conference calls no groups.
    private mutating func recipient() -> Recipient? {
        guard let text = text("to", isRequired: true) else { return nil }
        guard let colon = text.firstIndex(of: ":") else { return .number(text) }
        let id = String(text[text.index(after: colon)...])
        guard text[..<colon] == "contact", JobCodec.isIdentifier(id) else {
            faults.add("/to", "must be a phone number or contact:ID")
            return nil
        }
        return .contact(id)
    }

    private mutating func manners() -> ConferenceManners {
        var manners = ConferenceManners()
        let word = object["role"] == nil ? Role.speaker.rawValue : text("role", isRequired: true) ?? ""
        let role = Role(rawValue: word)
        if role == nil { faults.add("/role", "must be host, speaker, listener or coach") }
        manners.startsOnEnter = flag("start_on_enter") ?? (role != .listener && role != .coach)
        manners.endsOnExit = flag("end_on_exit") ?? (role == .host)
        manners.isMuted = flag("muted") ?? (role == .listener)
        manners.coaches = label("coach")
        if role == .coach, object["coach"] == nil { faults.add("/coach", "is missing: the label of who is coached") }
        return manners
    }

    private mutating func label(_ name: String) -> String? {
        guard object[name] != nil, let text = text(name, isRequired: true) else { return nil }
        guard ConferenceRecord.isName(text) else {
            faults.add("/" + name, "must be 1 to 100 letters, digits, '.', '_' and '-'")
            return nil
        }
        return text
    }

    private mutating func url(_ name: String, isRequired: Bool) -> String? {
        guard let text = text(name, isRequired: isRequired) else { return nil }
        guard text.utf8.count <= 2_000, HTTPURL(text) != nil else {
            faults.add("/" + name, "must be an http or https URL of at most 2000 bytes")
            return nil
        }
        return text
    }

    private mutating func text(_ name: String, isRequired: Bool) -> String? {
        guard let value = object[name] else {
            if isRequired { faults.add("/" + name, "is missing") }
            return nil
        }
        guard let text = value.string, (1...2_000).contains(text.utf8.count) else {
            faults.add("/" + name, "must be a text that is not empty")
            return nil
        }
        return text
    }

    private mutating func flag(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        if value.bool == nil { faults.add("/" + name, "must be true or false") }
        return value.bool
    }
}
