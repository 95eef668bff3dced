/// An address of the messaging API: a number, a short code, a sender name, or `channel:address`.
struct ChannelAddress: Equatable {
    /// Empty for SMS and MMS, else `whatsapp`, `messenger` or `rcs`.
    let channel: String
    /// The address without the channel.
    let value: String
    /// The address as it is written.
    let text: String

    init(_ text: String) {
        self.text = text
        for channel in ["whatsapp", "messenger", "rcs"] where text.hasPrefix(channel + ":") {
            self.channel = channel
            value = String(text.dropFirst(channel.utf8.count + 1))
            return
        }
        channel = ""
        value = text
    }

    /// Whether it is an E.164 number with `+`.
    var isNumber: Bool {
        let bytes = value.utf8
        guard bytes.first == UInt8(ascii: "+"), (8...16).contains(bytes.count) else { return false }
        return bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) } && bytes.dropFirst().first != 0x30
    }

    /// Whether it is a short code: 3 to 8 digits.
    var isShortCode: Bool {
        (3...8).contains(value.utf8.count) && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether it is a sender name: 1 to 11 letters, digits, blanks and a few signs, a letter among them.
    var isSenderName: Bool {
        let isPlain = value.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || " &.-_+".utf8.contains($0)
        }
        return (1...11).contains(value.utf8.count) && isPlain
            && value.utf8.contains { (0x61...0x7A).contains($0 | 0x20) }
    }

    /// Whether messages can be sent from it.
    var canSend: Bool {
        if channel == "whatsapp" { return isNumber }
        if !channel.isEmpty { return !value.isEmpty }
        return isNumber || isShortCode || isSenderName
    }

    /// Whether messages can be sent to it.
    var canReceive: Bool {
        channel == "messenger" ? !value.isEmpty : isNumber
    }
}
