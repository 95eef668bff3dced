import Crypto
import Forms
import JSON

/// What Twilio says of a message from a person beside its addresses, text and media, in neutral words.
///
/// Twilio adds parameters without notice, so that unknown ones are kept under `other`.
enum MessageDetails {
    /// How a value is read.
    private enum Reading: Sendable {
        /// Carried elsewhere, or the same in every message.
        case skipped
        case text, number
        /// Said only when it is true.
        case flag
        /// Text with JSON in it; what is none stays text.
        case json
    }

    private struct Entry: Sendable {
        let name: [UInt8]
        let reading: Reading
        /// The member of the details, and the one within it.
        let member: String
        let part: String?
    }

    /// Unknown parameters that are kept of a message, and bytes of each value.
    static let maxOther = 32
    static let maxBytes = 4_096
    /// Levels of a parameter with JSON; deeper ones stay text, so that whoever reads the whole reads all of it.
    static let maxDepth = 16

    /// By the length of their names, since few names are equally long.
    private static let entries: [[Entry]] = {
        var entries: [Entry] = []
        func add(_ reading: Reading, _ names: (name: String, member: String)...) {
            for (name, member) in names {
                let parts = member.split(separator: ".").map(String.init)
                entries.append(
                    Entry(
                        name: Array(name.utf8), reading: reading, member: parts.first ?? "",
                        part: parts.count > 1 ? parts[1] : nil))
            }
        }
        for name in [
            "MessageSid", "SmsSid", "SmsMessageSid", "AccountSid", "From", "To", "Body", "NumMedia", "SmsStatus",
            "ApiVersion", "ReferralNumMedia",
        ] + (0..<Twilio.maxMedia).flatMap({ ["MediaUrl\($0)", "MediaContentType\($0)"] }) {
            add(.skipped, (name, ""))
        }
        add(
            .text, ("MessagingServiceSid", "service"), ("MessageType", "type"), ("ProfileName", "profile_name"),
            ("OptOutType", "opt_out_type"), ("WaId", "user.whatsapp_id"), ("ExternalUserId", "user.id"),
            ("ParentExternalUserId", "user.parent_id"), ("Username", "user.name"), ("ProfileUsername", "user.name"),
            ("ButtonText", "button.text"), ("ButtonPayload", "button.payload"), ("ListId", "list.id"),
            ("ListTitle", "list.title"), ("ListDescription", "list.description"), ("Address", "location.address"),
            ("Label", "location.label"), ("OriginalRepliedMessageSid", "quoted.provider_id"),
            ("OriginalRepliedMessageSender", "quoted.from"), ("ErrorUrl", "fallback.url"))
        for part in ["Body", "Headline", "SourceId", "SourceType", "SourceUrl", "MediaId", "MediaUrl", "CtwaClid"] {
            add(.text, ("Referral" + part, "referral." + snake(part)))
        }
        add(.text, ("ReferralMediaContentType", "referral.media_type"))
        for end in ["From", "To"] {
            for part in ["City", "State", "Zip", "Country"] {
                add(.text, (end + part, end.lowercased() + "_place." + part.lowercased()))
            }
        }
        add(
            .number, ("Latitude", "location.latitude"), ("Longitude", "location.longitude"),
            ("NumSegments", "segments"), ("ErrorCode", "fallback.code"))
        add(.flag, ("Forwarded", "forwarded"), ("FrequentlyForwarded", "frequently_forwarded"))
        add(.json, ("InteractiveData", "interactive"), ("FlowData", "flow"), ("ChannelMetadata", "channel"))
        var table = [[Entry]](repeating: [], count: 1 + (entries.map(\.name.count).max() ?? 0))
        for entry in entries { table[entry.name.count].append(entry) }
        return table
    }()

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase && !$0.isEmpty ? "_" + $1.lowercased() : $1.lowercased() }
    }

    /// The details of a form; empty values say nothing, and of a known name the first value counts.
    static func details(of form: FormView) -> JSONObject {
        var details = JSONObject()
        for index in 0..<form.count {
            let name = form.name(at: index)
            let value = form.value(at: index)
            guard let entry = entry(name) else {
                keep(String(decoding: name.prefix(64), as: UTF8.self), value, &details)
                continue
            }
            guard !value.isEmpty, let said = read(value, entry.reading) else { continue }
            put(said, entry, &details)
        }
        return details
    }

    private static func entry(_ name: ArraySlice<UInt8>) -> Entry? {
        guard name.count < entries.count else { return nil }
        // By indices: a closure would be given a copy of each.
        for index in entries[name.count].indices where entries[name.count][index].name.elementsEqual(name) {
            return entries[name.count][index]
        }
        return nil
    }

    private static func read(_ value: ArraySlice<UInt8>, _ reading: Reading) -> JSONValue? {
        if case .skipped = reading { return nil }
        let text = String(decoding: value.prefix(maxBytes), as: UTF8.self)
        switch reading {
        case .skipped: return nil
        case .text: return .string(text)
        case .flag: return text == "true" ? true : nil
        case .number:
            if let whole = Int(text) { return .int(whole) }
            guard let number = Double(text), number.isFinite else { return .string(text) }
            return .number(number)
        case .json:
            guard value.count <= maxBytes * 4, let parsed = try? JSONValue(parsing: Array(value), maxDepth: maxDepth)
            else {
                return .string(text)
            }
            return parsed
        }
    }

    private static func put(_ value: JSONValue, _ entry: Entry, _ details: inout JSONObject) {
        // A text of one segment is what is expected.
        if entry.member == "segments", value == 1 { return }
        guard let part = entry.part else {
            if details[entry.member] == nil { details[entry.member] = value }
            return
        }
        var group = details[entry.member]?.object ?? JSONObject()
        if group[part] == nil { group[part] = value }
        details[entry.member] = .object(group)
    }

    private static func keep(_ name: String, _ value: ArraySlice<UInt8>, _ details: inout JSONObject) {
        var other = details["other"]?.object ?? JSONObject()
        let text = JSONValue.string(String(decoding: value.prefix(maxBytes), as: UTF8.self))
        if let known = other[name] {
            let values = known.array ?? [known]
            guard values.count < maxOther else { return }
            other[name] = .array(values + [text])
        } else {
            guard other.count < maxOther else { return }
            other[name] = text
        }
        details["other"] = .object(other)
    }
}

/// Twilio hands on some texts in Base64, without a word about it: long ones from carriers that sent them as bytes
/// (https://github.com/nyaruka/rapidpro/pull/1187).
enum EncodedBody {
    /// The text, where the body can hardly be anything but Base64 of one; `nil` otherwise.
    ///
    /// It is a whole text of at least 60 characters of the Base64 alphabet without a blank, whose bytes are UTF-8 that
    /// is for the most part made of letters, digits and blanks.
    static func decoded(_ body: String) -> String? {
        // Nearly every text has a blank or a mark, and goes no further.
        guard body.utf8.count >= 60, body.utf8.allSatisfy(isOfAlphabet) else { return nil }
        let bytes = body.utf8.filter { $0 != 0x0D && $0 != 0x0A }
        guard bytes.count >= 60, bytes.count % 4 == 0,
            let decoded = Base64.decode(String(decoding: bytes, as: UTF8.self)),
            let text = String(validating: decoded, as: UTF8.self)
        else { return nil }
        let usual = text.unicodeScalars.count { $0.properties.isAlphabetic || $0.isASCII && isUsual($0) }
        let odd = text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" }
        return !odd && usual * 4 >= text.unicodeScalars.count * 3 ? text : nil
    }

    /// Base64 (RFC 4648 section 4), its padding, and the ends of lines.
    private static func isOfAlphabet(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), 0x0D, 0x0A:
            true
        default: false
        }
    }

    private static func isUsual(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\n" || ("0"..."9").contains(scalar)
    }
}
