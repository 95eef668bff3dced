import Zones

/// How a language writes dates, times and amounts.
///
/// The patterns follow the CLDR, with two exceptions that keep a text message in the GSM alphabet: blanks are ordinary ones,
/// and a currency is written by its code behind the amount. In a pattern `d` is the day, `dd` with two digits, `M`
/// and `MM` the month, `MMMM` its name, `y` the year, `H` `HH` `h` the hour, `mm` the minute and `a` the half of the day;
/// text in single quotes is literal.
struct LocalePatterns: Sendable {
    let months: [String]
    let longDate: String
    let shortDate: String
    let time: String
    let halves: [String]
    let decimalPoint: String
    let grouping: String
    /// How the first day of a month is written, where it is not `1`.
    let firstDay: String

    init(
        months: String, longDate: String, shortDate: String, time: String = "HH:mm", halves: [String] = ["AM", "PM"],
        decimalPoint: String = ",", grouping: String = ".", firstDay: String = "1"
    ) {
        self.months = months.split(separator: " ").map(String.init)
        self.longDate = longDate
        self.shortDate = shortDate
        self.time = time
        self.halves = halves
        self.decimalPoint = decimalPoint
        self.grouping = grouping
        self.firstDay = firstDay
    }

    /// The patterns of a BCP 47 tag: those of the language and region, else of the language, else of `en`.
    static func named(_ tag: String) -> LocalePatterns {
        let parts = tag.lowercased().split { $0 == "-" || $0 == "_" }
        guard let language = parts.first else { return english }
        // The region has two letters; a script such as Latn may stand before it.
        let region = parts.dropFirst().first { $0.utf8.count == 2 } ?? ""
        return table["\(language)-\(region)"] ?? table[String(language)] ?? english
    }

    func text(of date: CivilDate, style: TemplateFilter.DateStyle) -> String {
        switch style {
        case .long: fill(longDate, date: date, hour: 0, minute: 0)
        case .short: fill(shortDate, date: date, hour: 0, minute: 0)
        case .iso: fill("yyyy-MM-dd", date: date, hour: 0, minute: 0)
        }
    }

    func text(of time: LocalTime) -> String {
        fill(self.time, date: time.date, hour: time.hour, minute: time.minute)
    }

    /// An amount with its currency; nil if it is not decimal text or not a currency.
    func text(amount: String, currency: String) -> String? {
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
        let isNegative = amount.hasPrefix("-")
        let parts = amount.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        let isDecimal = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
        guard isDecimal, (1...2).contains(parts.count), amount.utf8.count <= 40 else { return nil }
        let whole = Array(parts[0].drop { $0 == "0" }.isEmpty ? "0" : parts[0].drop { $0 == "0" })
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped += grouping }
            grouped.append(digit)
        }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        while fraction.utf8.count < LocalePatterns.fractionDigits(currency) { fraction += "0" }
        let point = fraction.isEmpty ? "" : decimalPoint
        return "\(isNegative ? "-" : "")\(grouped)\(point)\(fraction) \(currency)"
    }

    private func fill(_ pattern: String, date: CivilDate, hour: Int, minute: Int) -> String {
        var result = ""
        var rest = pattern[...]
        while let letter = rest.first {
            if letter == "'" {
                let literal = rest.dropFirst().prefix { $0 != "'" }
                result += literal
                rest = rest.dropFirst(literal.count + 2)
                continue
            }
            let field = rest.prefix { $0 == letter }
            rest = rest.dropFirst(field.count)
            result += self.field(letter, field.count, date: date, hour: hour, minute: minute) ?? String(field)
        }
        return result
    }

    private func field(_ letter: Character, _ count: Int, date: CivilDate, hour: Int, minute: Int) -> String? {
        func padded(_ value: Int) -> String {
            let text = "\(value)"
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        switch letter {
        case "d": return date.day == 1 && count == 1 ? firstDay : padded(date.day)
        case "M": return count == 4 ? months[(date.month - 1) % months.count] : padded(date.month)
        case "y": return padded(date.year)
        case "H": return padded(hour)
        case "h": return padded(hour % 12 == 0 ? 12 : hour % 12)
        case "m": return padded(minute)
        case "a": return hour < 12 ? halves.first : halves.last
        default: return nil
        }
    }

    /// The digits after the point of a currency (ISO 4217).
    static func fractionDigits(_ currency: String) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }
}
