import Forms
import HTTP

/// A request, taken apart for routing.
struct APIRequest {
    let method: String
    /// The path, not decoded.
    let path: String
    /// The decoded pieces of the path.
    let segments: [String]
    /// The raw query, empty when there is none.
    let rawQuery: String
    let query: Form
    /// The form of the body, empty when the body is something else.
    let form: Form
    let body: [UInt8]
    private let authorization: String?

    /// Takes a request apart.
    init(_ request: HTTPRequest) {
        method = request.method
        path = request.path
        segments = path.split(separator: "/").map { PercentCoding.decode($0) }
        rawQuery = request.query ?? ""
        query = Form(query: rawQuery)
        body = request.body
        let isJSON = (request.headers[first: "Content-Type"] ?? "").hasPrefix("application/json")
        form = isJSON ? Form() : Form(parsing: request.body)
        authorization = request.headers[first: "Authorization"]
    }

    /// The user and password of Basic authentication (RFC 7617).
    func basicCredentials(decode: (Substring) -> [UInt8]?) -> (user: String, password: String)? {
        guard let authorization, authorization.utf8.count > 6, authorization.lowercased().hasPrefix("basic "),
            let bytes = decode(authorization.dropFirst(6)), let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (
            String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        )
    }

    /// A parameter of the form that is not blank.
    func parameter(_ name: String) -> String? {
        guard let value = form[name], !value.isEmpty else { return nil }
        return value
    }
}
