import Forms
import Gateway
import HTTP
import JSON

/// `?limit=&cursor=` and filters of a list.
struct ListQuery: Sendable {
    /// 1...500.
    var limit = 50
    /// The identifier behind which the page starts; opaque to callers.
    var cursor: RecordID?
    /// The text of a cursor over names.
    var after: String?
    var filters: [String: String] = [:]

    init(_ request: HTTPRequest, filters known: Set<String> = []) throws(Problem) {
        guard let query = request.query else { return }
        for field in Form(query: query).fields {
            switch field.name {
            case "limit":
                guard let value = Int(field.value), (1...500).contains(value) else {
                    throw Problem(400, "bad_limit", "limit must be 1 to 500.")
                }
                limit = value
            case "cursor":
                cursor = RecordID(digits: field.value.utf8)
                after = field.value
            case let name where known.contains(name): filters[name] = field.value
            default:
                throw Problem(400, "unknown_parameter", "This list has no parameter '\(field.name.prefix(40))'.")
            }
        }
    }

    /// A page as lists are answered; a full one names where the next begins.
    func page<Row>(_ rows: [Row], _ view: (Row) -> JSONValue, cursor: (Row) -> String) -> JSONValue {
        let next = rows.count == limit ? rows.last.map { JSONValue.string(cursor($0)) } : nil
        return ["data": .array(rows.map(view)), "next_cursor": next ?? .null]
    }
}
