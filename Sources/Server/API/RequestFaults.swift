import JSON

/// The faults of a request's body, each with its JSON pointer (RFC 6901): all of them are reported, not the first alone.
struct RequestFaults {
    private var details: [Problem.Detail] = []

    /// Notes a fault at a place.
    mutating func add(_ pointer: String, _ detail: String) { details.append(.init(pointer, detail)) }

    /// Notes every member that is not one of `fields`.
    mutating func addUnknown(of object: JSONObject, _ fields: [String], at pointer: String = "") {
        for key in object.keys where !fields.contains(key) {
            add(
                pointer + "/" + Self.escaped(key),
                "unknown field; known are " + fields.joined(separator: ", "))
        }
    }

    /// Throws 400 `invalid_request` when there are faults.
    func check() throws(Problem) {
        guard !details.isEmpty else { return }
        throw problem
    }

    /// What a request with these faults is answered.
    var problem: Problem {
        Problem(400, "invalid_request", "The request has faults; each is listed with its place.", errors: details)
    }

    /// A member's name in a JSON pointer (RFC 6901 section 3), cut: names come from outside. By scalars, because a
    /// combining mark makes another character of the slash before it.
    static func escaped(_ name: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in name.unicodeScalars.prefix(64) {
            switch scalar {
            case "~": escaped.append(contentsOf: "~0".unicodeScalars)
            case "/": escaped.append(contentsOf: "~1".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}

extension Problem {
    /// A body that is not JSON, with the place where it is none.
    static func notJSON(_ error: JSONError) -> Problem {
        Problem(400, "bad_json", "The body is not JSON: line \(error.line), column \(error.column): \(error.message).")
    }
}

extension JSONObject {
    /// The body of a request.
    /// - Throws: 400 `bad_json`, or `invalid_request` for JSON that is no object.
    static func read(_ body: [UInt8]) throws(Problem) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, maxDepth: 16)
        } catch {
            throw .notJSON(error)
        }
        guard let object = value.object else {
            throw Problem(400, "invalid_request", "The body must be a JSON object.")
        }
        return object
    }
}
