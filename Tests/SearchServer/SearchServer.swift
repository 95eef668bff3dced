import EventLoop
import HTTP
import JSON
import Synchronization

/// A stand-in for Meilisearch that speaks its documented wire format
/// (https://www.meilisearch.com/docs/reference/api), strictly: what the documents do not have is refused as there.
package final class SearchServer: Sendable {
    /// A document that is sent back to everybody, whatever was asked.
    struct Lie: Sendable {
        var id: String
    }

    struct State: Sendable {
        var indexes: [String: SearchIndex] = [:]
        var tasks: [SearchTask] = []
        var requests: [String] = []
        var isDown = false
        var refused: Set<String> = []
        var lies: [Lie] = []
        var most = Int.max
        var failures = 0
    }

    let key: String
    let state = Mutex(State())

    /// - Parameter key: what every request must show; empty for none.
    package init(key: String = "") { self.key = key }

    // MARK: what tests do to it

    /// While it is down it answers 503.
    package func set(down: Bool) { state.withLock { $0.isDown = down } }

    /// Documents with this `id` make their task fail.
    package func refuse(_ id: String) { state.withLock { _ = $0.refused.insert(id) } }

    /// So many tasks fail for a reason of the server's own.
    package func fail(_ count: Int) { state.withLock { $0.failures = count } }

    /// From now on every search finds this document too.
    package func lie(_ id: String) { state.withLock { $0.lies.append(Lie(id: id)) } }

    /// Forgets everything, as a server whose disk was lost.
    package func lose() { state.withLock { ($0.indexes, $0.tasks) = ([:], []) } }

    /// More documents than this in one request are too large (413).
    package func take(atMost count: Int) { state.withLock { $0.most = count } }

    /// The ids of an index's documents, in order.
    package func ids(_ index: String = "documents") -> [String] {
        state.withLock { ($0.indexes[index]?.documents.values.compactMap { $0["id"]?.string } ?? []).sorted() }
    }

    /// Methods and paths, in order.
    package var requests: [String] { state.withLock { $0.requests } }

    // MARK: requests

    /// Answers as the server does.
    package func answer(_ request: HTTPRequest) -> HTTPResponse {
        state.withLock { state in
            state.requests.append(request.method + " " + request.target)
            if state.isDown { return HTTPResponse(status: 503) }
            do throws(SearchFault) {
                try check(request)
                let (status, body) = try state.answer(request)
                return Self.response(status, body)
            } catch {
                return Self.response(error.status, error.value)
            }
        }
    }

    private func check(_ request: HTTPRequest) throws(SearchFault) {
        if !key.isEmpty {
            guard let sign = request.headers[first: "Authorization"] else {
                throw SearchFault(401, "missing_authorization_header", "auth")
            }
            guard sign == "Bearer " + key else { throw SearchFault(403, "invalid_api_key", "auth") }
        }
        guard ["POST", "PATCH", "PUT"].contains(request.method) else { return }
        guard let type = request.headers[first: "Content-Type"] else {
            throw SearchFault(415, "missing_content_type")
        }
        guard type == "application/json" else { throw SearchFault(415, "invalid_content_type") }
    }

    private static func response(_ status: Int, _ body: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([("Content-Type", "application/json")]), body: body.bytes())
    }
}

/// An error as the server tells it.
struct SearchFault: Error {
    var status: Int
    var code: String
    var type: String

    init(_ status: Int, _ code: String, _ type: String = "invalid_request") {
        self.status = status
        self.code = code
        self.type = type
    }

    var value: JSONValue {
        [
            "message": .string("refused: " + code), "code": .string(code), "type": .string(type),
            "link": .string("https://docs.meilisearch.com/errors#" + code),
        ]
    }
}

/// Something that the server has been asked to do.
struct SearchTask: Sendable {
    enum Work: Sendable {
        case create(primaryKey: String)
        case settings(JSONObject)
        case clear
        case put([JSONObject], primaryKey: String)
        case remove([String])
    }

    var index: String
    var work: Work
    var polls = 0
    var status = "enqueued"
    var error: SearchFault?

    var type: String {
        switch work {
        case .create: "indexCreation"
        case .settings: "settingsUpdate"
        case .put: "documentAdditionOrUpdate"
        case .clear, .remove: "documentDeletion"
        }
    }
}

/// The stand-in on a socket of this machine.
package final class ListeningSearchServer: Sendable {
    /// What answers.
    package let search: SearchServer
    /// Where it listens.
    package let url: String
    private let group: EventLoopGroup
    private let server: HTTPServer

    /// - Parameter hold: requests for which it is true are never answered.
    package init(
        _ search: SearchServer, hold: @escaping @Sendable (HTTPRequest) -> Bool = { _ in false }
    ) throws {
        self.search = search
        group = try EventLoopGroup(count: 1)
        try group.start()
        let box = HeldBox()
        server = try HTTPServer(group: group, host: "127.0.0.1", port: 0) { request, respond in
            if hold(request) { return box.add(respond) }
            respond(search.answer(request))
        }
        url = "http://127.0.0.1:\(try server.start())"
    }

    /// Ends it.
    package func stop() {
        server.stop()
        group.stop()
    }
}

/// Keeps requests that are never answered.
private final class HeldBox: Sendable {
    private let held = Mutex<[HTTPResponder]>([])

    func add(_ responder: HTTPResponder) { held.withLock { $0.append(responder) } }
}
