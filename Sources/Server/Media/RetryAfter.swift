import Gateway
import HTTP
import Zones

/// `Retry-After` of an answer (RFC 9110 §10.2.3).
enum RetryAfter {
    /// How long it asks for, in whole seconds or until a date; `nil` where it says nothing that is understood, and zero
    /// for a date that is past.
    static func pause(_ head: HTTPResponse, at now: Timestamp) -> Duration? {
        guard let text = head.headers[first: "Retry-After"], (1...64).contains(text.utf8.count) else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More than a few decades are as good as for ever.
            return .seconds(min(Int64(text) ?? .max, 1_000_000_000))
        }
        guard let date = try? DateText.parseRFC2822(text) else { return nil }
        return max(.zero, Timestamp(milliseconds: date) - now)
    }
}
