/// Reads the small languages of single values. Each returns `nil` for what it does not understand.
enum ScalarText {
    /// `500ms`, `30s`, `5m`, `4h`, `2d`, also combined from great to small (`1h30m`); at most 366 days, never negative.
    static func duration(_ text: String) -> Duration? {
        let units: [(word: String, milliseconds: Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
        ]
        var rest = Substring(text)
        var total: Int64 = 0
        var next = 0
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            let word = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(word.count)
            guard (1...9).contains(digits.count), let count = Int64(digits),
                let unit = units.indices.dropFirst(next).first(where: { units[$0].word == word })
            else { return nil }
            total += count * units[unit].milliseconds
            next = unit + 1
        }
        guard next > 0, total <= 366 * 86_400_000 else { return nil }
        return .milliseconds(total)
    }

    /// The text that `duration` reads as this span: `8h10m5s`, `0s` for none.
    static func text(of duration: Duration) -> String {
        var rest = max(0, duration.milliseconds)
        var text = ""
        for (word, size) in [("h", Int64(3_600_000)), ("m", 60_000), ("s", 1_000), ("ms", 1)] where rest >= size {
            text += String(rest / size) + word
            rest %= size
        }
        return text.isEmpty ? "0s" : text
    }

    /// `1/s`, `30/m`, `100/h`, or a number per second; above 0, at most 100,000 a second.
    static func rate(_ text: String) -> Double? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let number = parts.first, let count = decimal(number) else { return nil }
        let seconds: [String: Double] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = parts.count == 1 ? 1 : seconds[String(parts[1])] else { return nil }
        let rate = count / unit
        return rate > 0 && rate <= 100_000 ? rate : nil
    }

    /// `512 MiB`, `2 GiB`, `64 KiB`, in bytes; at least 1 KiB, at most 1,024 TiB.
    static func size(_ text: String) -> Int64? {
        let units: [(word: String, shift: Int64)] = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40)]
        guard let unit = units.first(where: { text.hasSuffix($0.word) }) else { return nil }
        let number = text.dropLast(3)
        guard let count = integer(number.hasSuffix(" ") ? number.dropLast() : number), count > 0 else { return nil }
        let bytes = Int64(count).multipliedReportingOverflow(by: 1 << unit.shift)
        return bytes.overflow || bytes.partialValue > 1 << 50 ? nil : bytes.partialValue
    }

    /// The text that `size` reads as so many bytes.
    static func text(ofSize bytes: Int64) -> String {
        let units: [(word: String, shift: Int64)] = [("TiB", 40), ("GiB", 30), ("MiB", 20)]
        for (word, shift) in units where bytes >= 1 << shift && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift) \(word)"
        }
        return "\(bytes >> 10) KiB"
    }

    /// A whole number without a sign, of at most nine digits.
    static func integer(_ text: some StringProtocol) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// `0.5`: digits with at most one point.
    static func decimal(_ text: some StringProtocol) -> Double? {
        Money.micros(text).map { Double($0) / 1_000_000 }
    }

    /// Two capital letters.
    static func isCountry(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (65...90).contains($0) }
    }

    /// A BCP 47 tag of language, optional script and optional region: `en`, `fr-CH`, `zh-Hant-TW`.
    static func isLocale(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Array($0.utf8) }
        guard let language = parts.first, (2...3).contains(language.count), parts.count <= 3,
            language.allSatisfy({ (97...122).contains($0) })
        else { return false }
        var tail = parts.dropFirst()
        if let script = tail.first, script.count == 4 {
            guard script.allSatisfy(isLetter) else { return false }
            tail = tail.dropFirst()
        }
        guard let region = tail.popFirst() else { return true }
        let isNumeric = region.count == 3 && region.allSatisfy { (48...57).contains($0) }
        return tail.isEmpty && (isNumeric || region.count == 2 && region.allSatisfy { (65...90).contains($0) })
    }

    /// A name under which something is defined: letters, digits, `_`, `.` and `-`, 1...64 characters.
    static func isName(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == 95 || $0 == 46 || $0 == 45 }
    }

    /// `22:30` as minutes since midnight; `24:00` is 1440.
    static func clock(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = integer(parts[0]), let minute = integer(parts[1]), minute < 60,
            hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
}
