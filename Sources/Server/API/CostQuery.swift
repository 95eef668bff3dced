import Forms
import Gateway
import HTTP
import Zones

/// `?from=&to=&by=&tenant=` of `GET /v1/costs`.
struct CostQuery: Sendable {
    /// What rows can be told apart by, in the order of the answer.
    enum Dimension: String, Sendable, Hashable, CaseIterable {
        case day, month, tenant, policy, channel, country, kind, direction
    }

    /// Days since 1970-01-01 in the gateway's time zone.
    var from: Int
    /// Not before `from`, and at most 366 days after it.
    var through: Int
    var by: [Dimension] = [.day, .channel]
    /// One tenant alone; `nil` for all.
    var tenant: String?

    /// - Parameter today: the month up to it is the default.
    init(_ request: HTTPRequest, today: CivilDate) throws(Problem) {
        through = today.daysSinceEpoch
        from = through - today.day + 1
        for field in request.query.map({ Form(query: $0).fields }) ?? [] {
            switch field.name {
            case "from": from = try Self.day(field.value, "from")
            case "to": through = try Self.day(field.value, "to")
            case "by": by = try Self.dimensions(field.value)
            case "tenant": tenant = field.value
            default:
                throw Problem(400, "unknown_parameter", "There is no parameter '\(field.name.prefix(40))' here.")
            }
        }
        guard from <= through, through - from <= 366 else {
            throw Problem(400, "bad_range", "'from' must not be after 'to', nor more than 366 days before it.")
        }
    }

    private static func day(_ text: String, _ name: String) throws(Problem) -> Int {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard text.utf8.count == 10, parts.count == 3,
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else { throw Problem(400, "bad_day", "'\(name)' must be a day such as 2026-11-30.") }
        return date.daysSinceEpoch
    }

    private static func dimensions(_ text: String) throws(Problem) -> [Dimension] {
        let names = text.split(separator: ",").map(String.init)
        let known = names.compactMap(Dimension.init)
        guard known.count == names.count, Set(known).count == known.count else {
            let all = Dimension.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(400, "bad_by", "'by' lists some of \(all), each once.")
        }
        return known
    }
}
