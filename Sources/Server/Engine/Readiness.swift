import HTTP
import Synchronization

/// Health and readiness: alive as long as it answers, ready once the engine has recovered and until it drains.
public final class Readiness: Sendable {
    private let isReady = Atomic(false)

    /// Not ready yet.
    public init() {}

    /// The engine runs, or the program drains.
    public func set(_ ready: Bool) { isReady.store(ready, ordering: .releasing) }

    /// The answer for `/-/healthy` and `/-/ready`; `nil` for other paths.
    public func answer(to request: HTTPRequest) -> HTTPResponse? {
        switch request.path {
        case "/-/healthy": text(200, "healthy\n")
        case "/-/ready": isReady.load(ordering: .acquiring) ? text(200, "ready\n") : text(503, "not ready\n")
        default: nil
        }
    }

    private func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([("Content-Type", "text/plain; charset=utf-8")]),
            body: Array(text.utf8))
    }
}
