import Zones

/// Makes the text of one placeholder.
struct TemplateRenderer {
    let text: String
    let placeholder: TemplatePart.Placeholder
    let context: TemplateContext
    let locale: LocalePatterns

    func render() throws(TemplateError) -> String {
        var value = context.value(placeholder.path)
        for filter in placeholder.filters { value = try apply(filter, to: value) }
        guard let value else {
            let message = "there is no value for '\(placeholder.path)'; give one, or write default: \"…\""
            throw error(.missingVariable, message)
        }
        return plain(value)
    }

    private func apply(_ filter: TemplateFilter, to value: TemplateValue?) throws(TemplateError) -> TemplateValue? {
        if case .default(let text) = filter {
            if let value, plain(value) != "" { return value }
            return .text(text)
        }
        // What is missing stays so until a default stands in for it.
        guard let value else { return nil }
        switch filter {
        case .date(let style): return .text(locale.text(of: try date(value), style: style))
        case .time: return .text(locale.text(of: try time(value)))
        case .money: return .text(try money(value))
        case .upper: return .text(plain(value).uppercased())
        case .spell:
            let letters = plain(value).filter { $0.isLetter || $0.isNumber }
            return .text(letters.map(String.init).joined(separator: " "))
        case .default: return value
        }
    }

    private func plain(_ value: TemplateValue) -> String {
        switch value {
        case .text(let text), .number(let text): text
        case .instant(let instant): DateText.rfc3339(instant)
        case .date(let date): locale.text(of: date, style: .iso)
        case .money(let amount, let currency): "\(amount) \(currency)"
        }
    }

    private func date(_ value: TemplateValue) throws(TemplateError) -> CivilDate {
        if case .date(let date) = value { return date }
        if case .text(let text) = value {
            if let date = CivilDate(iso: text) { return date }
            if let instant = try? DateText.parseRFC3339(text) { return local(instant).date }
        }
        if case .instant(let instant) = value { return local(instant).date }
        throw error(.unfitValue, "the value of '\(placeholder.path)' is not a date such as 2026-11-23")
    }

    private func time(_ value: TemplateValue) throws(TemplateError) -> LocalTime {
        if case .instant(let instant) = value { return local(instant) }
        if case .text(let text) = value, let instant = try? DateText.parseRFC3339(text) { return local(instant) }
        throw error(.unfitValue, "the value of '\(placeholder.path)' is not an instant such as 2026-11-23T18:31:00Z")
    }

    private func local(_ milliseconds: Int64) -> LocalTime {
        let seconds = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
        return context.zone.local(seconds)
    }

    private func money(_ value: TemplateValue) throws(TemplateError) -> String {
        if case .money(let amount, let currency) = value, let text = locale.text(amount: amount, currency: currency) {
            return text
        }
        if case .text(let text) = value {
            let parts = text.split(separator: " ")
            if parts.count == 2, let text = locale.text(amount: String(parts[0]), currency: String(parts[1])) {
                return text
            }
        }
        throw error(.unfitValue, "the value of '\(placeholder.path)' is not an amount such as 0.60 USD")
    }

    private func error(_ code: TemplateError.Code, _ message: String) -> TemplateError {
        TemplateError(code, message, path: placeholder.path, at: placeholder.offset, in: text)
    }
}

extension CivilDate {
    /// Reads `2026-11-23`.
    init?(iso text: String) {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].allSatisfy { (48...57).contains($0) } ? bytes[range].reduce(0) { $0 * 10 + Int($1) - 48 } : nil
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
