import Gateway

/// What Twilio's error codes mean for a delivery. By code first, by HTTP status where there is none.
enum TwilioErrors {
    private struct Entry: Sendable {
        var code: Int32
        var failureClass: FailureClass
        var advice: FailureAdvice
        var marksUnfit: Bool
    }

    private static let entries: [Entry] = TwilioErrorTable.lines.withUTF8Buffer { bytes in
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { entry(Array($0)) }
    }

    /// Classifies a code; an unknown one is `unknown` and tried again after a while.
    static func failure(code: Int32, retryAfter: Duration? = nil) -> ProviderFailure {
        guard let entry = find(code) else {
            return ProviderFailure(.unknown, .after(retryAfter: retryAfter), code: code)
        }
        var advice = entry.advice
        if case .after = advice { advice = .after(retryAfter: retryAfter) }
        return ProviderFailure(entry.failureClass, advice, code: code, marksUnfit: entry.marksUnfit)
    }

    /// Classifies an answer without a code (a proxy's, or a body that is no JSON).
    static func failure(status: Int, retryAfter: Duration?) -> ProviderFailure {
        switch status {
        case 401, 403: ProviderFailure(.auth, .stopSender)
        case 413, 414: ProviderFailure(.content, .hold)
        case 429: ProviderFailure(.rateLimited, .after(retryAfter: retryAfter))
        case 300..<400: ProviderFailure(.unknown, .hold)
        default: ProviderFailure(.unknown, .after(retryAfter: retryAfter))
        }
    }

    private static func find(_ code: Int32) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].code < code { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && entries[low].code == code ? entries[low] : nil
    }

    // MARK: the table's letters

    private static func entry(_ line: [UInt8]) -> Entry? {
        let words = line.split(separator: UInt8(ascii: " "))
        guard words.count == 2, let code = Int32(String(decoding: words[0], as: UTF8.self)) else { return nil }
        let letters = Array(words[1])
        guard letters.count >= 2, let failureClass = failureClass(letters[0]), let advice = advice(letters[1]) else {
            return nil
        }
        return Entry(code: code, failureClass: failureClass, advice: advice, marksUnfit: letters.count > 2)
    }

    private static func failureClass(_ letter: UInt8) -> FailureClass? {
        switch letter {
        case UInt8(ascii: "r"): .rateLimited
        case UInt8(ascii: "a"): .auth
        case UInt8(ascii: "i"): .invalidRecipient
        case UInt8(ascii: "s"): .invalidSender
        case UInt8(ascii: "o"): .optedOut
        case UInt8(ascii: "c"): .content
        case UInt8(ascii: "w"): .outsideWindow
        case UInt8(ascii: "d"): .unavailable
        case UInt8(ascii: "u"): .unknown
        default: nil
        }
    }

    private static func advice(_ letter: UInt8) -> FailureAdvice? {
        switch letter {
        case UInt8(ascii: "n"): .now
        case UInt8(ascii: "x"): .otherAddress
        case UInt8(ascii: "p"): .provider
        case UInt8(ascii: "t"): .template
        case UInt8(ascii: "c"): .consent
        case UInt8(ascii: "a"): .after(retryAfter: nil)
        case UInt8(ascii: "h"): .hold
        case UInt8(ascii: "s"): .stopSender
        default: nil
        }
    }
}
