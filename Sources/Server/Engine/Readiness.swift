import HTTP
import Synchronization

/// Health and readiness: alive as long as it answers, ready once the engine has recovered and until it drains.
public final class Readiness: Sendable {
    private let isReady = Atomic(false)
    let pressure: Pressure

    /// Not ready yet.
    public init(pressure: Pressure) { self.pressure = pressure }

    /// The engine runs, or the program drains.
    public func set(_ ready: Bool) { isReady.store(ready, ordering: .releasing) }

    /// Whether the engine runs and the program does not drain.
    var isServing: Bool { isReady.load(ordering: .acquiring) }

    /// The answer for `/-/healthy` and `/-/ready`; `nil` for other paths.
    public func answer(to request: HTTPRequest) -> HTTPResponse? {
        guard request.target.hasPrefix("/-/") else { return nil }
        switch request.path {
        case "/-/healthy": return text(200, "healthy\n")
        case "/-/ready": return isServing ? text(200, ready) : text(503, "not ready\n")
        default: return nil
        }
    }

    /// Webhooks and reading go on under pressure, so it is ready.
    private var ready: String { pressure.text.map { "ready, under pressure: \($0)\n" } ?? "ready\n" }

    private func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([("Content-Type", "text/plain; charset=utf-8")]),
            body: Array(text.utf8))
    }
}
