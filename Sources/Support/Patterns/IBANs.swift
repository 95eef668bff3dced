/// Finds international bank account numbers (ISO 13616) in a text.
public enum IBANs {
    /// Whether a text holds an account number: two letters, two check digits, and 11 to 30 letters and digits, of the length
    /// of its country where that is known, that pass the check modulo 97. Single blanks may stand in between, and case
    /// does not count.
    public static func found(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 14 < bytes.count {
            // The check digits are rarer than letters, so they are looked at first.
            let isCandidate = (0x30...0x39).contains(bytes[index + 2]) && (0x30...0x39).contains(bytes[index + 3])
            let isStart = index == 0 || !isAlphanumeric(bytes[index - 1])
            if isCandidate, isStart, isAccount(bytes, from: index) { return true }
            index += 1
        }
        return false
    }

    private static func isAccount(_ bytes: [UInt8], from start: Int) -> Bool {
        var values: [Int] = []
        var ends: [Int] = []
        var index = start
        while index < bytes.count, values.count < 34 {
            if let value = value(bytes[index]) {
                values.append(value)
                // A number ends before something that is neither a letter nor a digit.
                let isEnd = index + 1 == bytes.count || !isAlphanumeric(bytes[index + 1])
                if isEnd, values.count >= 15 { ends.append(values.count) }
            } else if bytes[index] != 0x20 || values.isEmpty || bytes[index - 1] == 0x20 {
                break
            }
            index += 1
        }
        guard values.count >= 15, values[0] >= 10, values[1] >= 10, values[2] < 10, values[3] < 10 else { return false }
        let country = String(decoding: bytes[start..<start + 2].map { $0 & 0xDF }, as: UTF8.self)
        if let length = lengths[country] { return ends.contains(length) && passes(values.prefix(length)) }
        return ends.contains { passes(values.prefix($0)) }
    }

    private static func passes(_ values: ArraySlice<Int>) -> Bool {
        let remainder = (values.dropFirst(4) + values.prefix(4)).reduce(0) { remainder, value in
            (remainder * (value < 10 ? 10 : 100) + value) % 97
        }
        return remainder == 1
    }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x5A: Int(byte) - 0x37
        case 0x61...0x7A: Int(byte) - 0x57
        default: nil
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { value(byte) != nil }

    /// How long the numbers of a country are, from the registry of ISO 13616.
    private static let lengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "CH": 21,
        "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
        "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26,
        "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
        "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
        "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
        "VA": 22, "VG": 24, "XK": 20,
    ]
}
