import HTTP

/// What a room's link shows. The token stands in the link's fragment, which never reaches this side.
enum RoomEntrance {
    /// Says what the link is for; seeing and hearing each other needs a client of the provider in this version.
    static let page = AcknowledgementPage.page(
        200, "Video room",
        "This is the address of a video room. This version of the gateway has no page in which people see and hear each "
            + "other: enter with an application of the video provider and the token of this link.", "")

    /// The answer to a request for `/rooms/{name}`.
    static func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard request.path.split(separator: "/").count == 2 else { return AcknowledgementPage.unknown }
        guard request.method == "GET" || request.method == "HEAD" else {
            return Problem.methodNotAllowed(request.method, allow: "GET, HEAD").response
        }
        return page
    }
}
