/// The id by which WhatsApp names a person to one business, whose number may not be shown: a country, a full stop, letters
/// and digits, at most 128 characters.
enum WhatsAppID {
    /// What an id must be, for people.
    static let rule = "must be a number such as +41791234567, or an id of WhatsApp such as CH.1A2b3C"

    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (4...128).contains(bytes.count), bytes[2] == UInt8(ascii: "."),
            bytes[..<2].allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else { return false }
        return bytes[3...].allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
}
