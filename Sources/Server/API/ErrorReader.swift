import Gateway
import Zones

/// The filters of `GET /v1/errors`.
enum ErrorReader {
    static let filters: Set<String> = ["severity", "code", "channel", "provider", "since", "until", "q"]

    /// Which errors a list wants.
    /// - Parameter tenant: the caller's; `nil` for one who sees everything.
    static func query(_ list: ListQuery, tenant: String?) throws(Problem) -> ErrorQuery {
        var query = ErrorQuery()
        query.tenant = tenant
        query.severities = try severities(list.filters["severity"])
        query.code = list.filters["code"]
        query.channel = list.filters["channel"]
        query.provider = list.filters["provider"]
        query.since = try time(list.filters["since"], "since")
        query.until = try time(list.filters["until"], "until")
        if let text = list.filters["q"] {
            query.subject = identifier(text)
            query.text = query.subject == nil ? text : nil
        }
        return query
    }

    /// One or several, with commas between.
    private static func severities(_ text: String?) throws(Problem) -> Set<ErrorSeverity> {
        var wanted: Set<ErrorSeverity> = []
        for word in text?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
            guard let severity = ErrorSeverity(word: word) else {
                let all = ErrorSeverity.allCases.map(\.word).joined(separator: ", ")
                throw Problem(400, "bad_severity", "severity is some of \(all), with commas between.")
            }
            wanted.insert(severity)
        }
        return wanted
    }

    private static func time(_ text: String?, _ name: String) throws(Problem) -> Timestamp? {
        guard let text else { return nil }
        guard let time = try? DateText.parseRFC3339(text) else {
            throw Problem(400, "bad_time", "'\(name)' must be an RFC 3339 time such as 2026-11-26T09:30:00Z.")
        }
        return Timestamp(milliseconds: time)
    }

    private static func identifier(_ text: String) -> RecordID? {
        RecordID(text, .error) ?? RecordID(text, .message) ?? RecordID(text, .delivery)
    }
}
