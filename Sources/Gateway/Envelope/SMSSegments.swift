/// How a text goes over the air as a short message, and how many segments are billed for it (3GPP TS 23.038 and 23.040).
public struct SMSSegments: Sendable, Hashable {
    /// The alphabet of a short message.
    public enum Encoding: String, Sendable {
        /// The default alphabet with its extension table: seven bits a character.
        case gsm7 = "GSM-7"
        /// Two bytes for each UTF-16 unit; a single character outside of the default alphabet takes the whole text there.
        case ucs2 = "UCS-2"

        /// How many units fit into a message that is not divided.
        public var single: Int { self == .gsm7 ? 160 : 70 }

        /// How many units fit into each part of a divided message; its header takes the rest.
        public var part: Int { self == .gsm7 ? 153 : 67 }
    }

    /// The alphabet.
    public let encoding: Encoding
    /// The length: septets in GSM-7, of which a character of the extension table takes two, or UTF-16 units in UCS-2.
    public let units: Int
    /// How many segments are sent and billed; an empty text is one.
    public let segments: Int

    /// Counts a text. Segments are filled from the beginning, and neither an extension character nor a surrogate pair is divided
    /// between two, so there can be one more than the quotient of the lengths.
    public static func count(_ text: String) -> SMSSegments {
        let isGSM = text.unicodeScalars.allSatisfy { septets(of: $0) > 0 }
        let encoding = isGSM ? Encoding.gsm7 : .ucs2
        var units = 0
        var parts = 1
        var filled = 0
        for scalar in text.unicodeScalars {
            let size = isGSM ? septets(of: scalar) : scalar.value > 0xFFFF ? 2 : 1
            units += size
            filled += size
            if filled > encoding.part {
                parts += 1
                filled = size
            }
        }
        return SMSSegments(encoding: encoding, units: units, segments: units <= encoding.single ? 1 : parts)
    }

    /// The first character that the default alphabet does not have, so that the text costs more than it might; nil if
    /// there is none.
    public static func firstOutsideGSM(in text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { septets(of: $0) == 0 }
    }

    /// How many septets a character takes in the default alphabet: one, two for the extension table, none if it is not in it.
    private static func septets(of scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "^", "{", "}", "\\", "[", "~", "]", "|", "\u{0C}", "€": 2
        case "`": 0
        case "\n", "\r", " "..."z": 1
        case "£", "¥", "è", "é", "ù", "ì", "ò", "Ç", "Ø", "ø", "Å", "å", "Æ", "æ", "ß", "É", "¤", "¡", "Ä", "Ö", "Ñ",
            "Ü", "§",
            "¿", "ä", "ö", "ñ", "ü", "à", "Δ", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ":
            1
        default: 0
        }
    }
}
