import HTTP
import JSON

/// The Content resource: templates come from the script and are read only.
final class ContentDesk {
    private let world: World

    init(world: World) {
        self.world = world
    }

    /// Handles what lies below `/content/v1/Content`.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        guard request.method == "GET" else { throw TwilioError(20004) }
        if path.isEmpty { return list() }
        guard let content = world.script.content[path[0]] else { throw TwilioError.notFound(request.path) }
        if path.count == 1 { return .json(200, json(path[0], content)) }
        guard path.count == 2, path[1] == "ApprovalRequests" else { throw TwilioError.notFound(request.path) }
        return .json(200, approval(path[0], content))
    }

    private func list() -> HTTPResponse {
        let contents = world.script.content.sorted { $0.key < $1.key }.map { json($0.key, $0.value) }
        let url = JSONValue.string("\(world.baseURL)/content/v1/Content?PageSize=50&Page=0")
        return .json(
            200,
            [
                "contents": .array(contents),
                "meta": [
                    "page": 0, "page_size": 50, "first_page_url": url, "previous_page_url": .null, "url": url,
                    "next_page_url": .null, "key": "contents",
                ],
            ])
    }

    private func json(_ sid: String, _ content: ContentScript) -> JSONValue {
        let url = "\(world.baseURL)/content/v1/Content/\(sid)"
        let date = JSONValue.string(Clock.iso(0))
        return [
            "language": .string(content.language), "date_updated": date, "variables": [:],
            "friendly_name": .string(content.name ?? sid), "account_sid": .string(world.credentials.accountSID),
            "url": .string(url), "sid": .string(sid), "date_created": date,
            "types": ["twilio/text": ["body": .string(content.text)]],
            "links": [
                "approval_create": .string(url + "/ApprovalRequests/whatsapp"),
                "approval_fetch": .string(url + "/ApprovalRequests"),
            ],
        ]
    }

    private func approval(_ sid: String, _ content: ContentScript) -> JSONValue {
        let isSubmitted = content.status != "unsubmitted"
        return [
            "url": .string("\(world.baseURL)/content/v1/Content/\(sid)/ApprovalRequests"),
            "whatsapp": [
                "category": isSubmitted ? .string(content.category) : "", "status": .string(content.status),
                "name": isSubmitted ? .string(content.name ?? sid.lowercased()) : "", "type": "whatsapp",
                "content_type": "twilio/text", "rejection_reason": content.status == "rejected" ? "rejected" : "",
                "allow_category_change": true,
            ],
            "account_sid": .string(world.credentials.accountSID), "sid": .string(sid),
        ]
    }
}
