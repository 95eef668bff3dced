import Gateway

/// Dates of the 2010 API: RFC 2822, always with a numeric zone, such as `Mon, 22 Aug 2011 20:58:45 +0000`.
enum MailDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `nil` for anything else.
    static func parse(_ text: String) -> Timestamp? {
        guard text.utf8.count <= 40 else { return nil }
        var words = text.split(separator: " ")
        if words.first?.hasSuffix(",") == true { words.removeFirst() }
        guard words.count == 5, let day = number(words[0], 1...31),
            let month = months.firstIndex(where: { $0 == words[1] }), let year = number(words[2], 1970...9999),
            let seconds = time(words[3]), let zone = zone(words[4])
        else { return nil }
        let days = days(year: year, month: month + 1, day: day)
        return Timestamp(milliseconds: Int64(days * 86_400 + seconds - zone) * 1_000)
    }

    private static func time(_ word: Substring) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], 0...23), let minute = number(parts[1], 0...59),
            let second = number(parts[2], 0...60)
        else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// Seconds east of UTC.
    private static func zone(_ word: Substring) -> Int? {
        let digits = word.dropFirst()
        guard digits.utf8.count == 4, word.hasPrefix("+") || word.hasPrefix("-"),
            let hours = number(digits.prefix(2), 0...23), let minutes = number(digits.suffix(2), 0...59)
        else { return nil }
        return (word.hasPrefix("-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func number(_ word: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard word.utf8.allSatisfy({ (48...57).contains($0) }), let value = Int(word), range.contains(value) else {
            return nil
        }
        return value
    }

    /// Days since 1970-01-01 of the proleptic Gregorian calendar; March starts the year, so the leap day is its last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
