import Gateway
import JSON

/// A part of a mailing in the store: a JSON array of recipients as they were handed in. One that was refused when it was
/// read is an object with `rejected` instead, which no recipient can have.
enum MailingPartCodec {
    /// One recipient of a part.
    enum Recipient {
        case valid(JSONValue)
        case refused(MailingRejection)
    }

    /// The element of a recipient that was refused.
    static func refused(_ rejection: MailingRejection, to: String) -> [UInt8] {
        var out = JSONWriter(capacity: 160)
        out.beginObject()
        out.member("to", String(to.prefix(200)))
        out.key("rejected")
        out.beginObject()
        out.member("code", rejection.code)
        out.member("detail", rejection.detail)
        out.member("pointer", rejection.pointer)
        out.endObject()
        out.endObject()
        return out.bytes
    }

    /// Reads `mailing_part.body`.
    static func elements(_ part: MailingPart) throws(StoreError) -> [JSONValue] {
        guard let elements = (try? JSONValue(parsing: part.body))?.array else {
            throw StoreError(.corrupt, "a stored part of a batch cannot be read")
        }
        return elements
    }

    /// What an element is.
    static func recipient(_ element: JSONValue) -> Recipient {
        guard let rejected = element["rejected"] else { return .valid(element) }
        return .refused(
            MailingRejection(
                code: rejected["code"]?.string ?? "", detail: rejected["detail"]?.string ?? "",
                pointer: rejected["pointer"]?.string ?? ""))
    }

    /// What a recipient is told of a problem; the first fault is its reason.
    /// - Parameter place: the recipient's pointer, such as `/recipients/17`.
    static func rejection(_ problem: Problem, place: String) -> MailingRejection {
        guard let first = problem.errors.first else {
            return MailingRejection(code: problem.code, detail: problem.message)
        }
        let isShared = ["/template", "/policy"].contains(first.pointer)
        let code = problem.code == "invalid_request" ? "invalid_recipient" : problem.code
        return MailingRejection(
            code: code, detail: first.detail, pointer: isShared ? first.pointer : place + first.pointer)
    }
}
