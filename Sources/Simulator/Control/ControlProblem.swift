import HTTP
import JSON

/// A refusal of the control API (RFC 9457).
struct ControlProblem: Error {
    let status: Int
    /// A stable code.
    let code: String
    let detail: String
    var errors: [SimulatorScriptProblem] = []

    static func notFound(_ detail: String) -> ControlProblem {
        ControlProblem(status: 404, code: "not_found", detail: detail)
    }

    static func invalid(_ detail: String) -> ControlProblem {
        ControlProblem(status: 422, code: "invalid", detail: detail)
    }

    /// A script, or what is read like one, with mistakes.
    init(_ error: SimulatorScriptError, of what: String = "the script") {
        self.init(status: 422, code: "script", detail: what + " has mistakes")
        errors = error.problems
    }

    init(status: Int, code: String, detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// The answer.
    var response: HTTPResponse {
        let list = errors.map { problem -> JSONValue in
            ["code": .string(problem.code), "pointer": .string(problem.pointer), "detail": .string(problem.message)]
        }
        var members: [(String, JSONValue)] = [
            ("type", "about:blank"), ("title", .string(title)), ("status", .integer(Int64(status))),
            ("code", .string(code)), ("detail", .string(detail)),
        ]
        if !list.isEmpty { members.append(("errors", .array(list))) }
        var response = HTTPResponse.json(status, .object(JSONObject(members)))
        response.headers.set("Content-Type", "application/problem+json")
        return response
    }

    private var title: String {
        switch status {
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        default: "Unprocessable Content"
        }
    }
}
