import Gateway
import HTTP
import MemoryStore
import Server
import Synchronization
import Telemetry

// Acknowledgement links, through the endpoint of the public listener. Its engine is one that never runs: what it would
// be asked is carried out by the story's own.

extension VirtualGateway {
    /// Opens a link as a browser or a preview does.
    func open(_ method: String, _ link: String) throws -> HTTPResponse {
        let idle = InMemoryStore()
        let core = try EngineCore(store: idle, directory: directory, tokenKey: Self.tokenKey, seed: 1, now: now)
        let outlets = EngineThread.Outlets(exchange: { _ in }, notice: { _ in }, fatal: { _ in })
        let engine = EngineThread(core: core, store: idle, clock: clock, outlets: outlets)
        let thread = BlockingThread()
        defer { thread.stop() }
        let endpoint = PublicEndpoint(
            engine: engine, records: idle, recordsThread: thread, contactNumbers: ContactNumbers(),
            metrics: ServerMetrics(registry: Metrics()), readiness: Readiness(pressure: Pressure()), clock: clock,
            finder: DocumentFinder(records: idle, outside: nil))
        endpoint.configure(directory, links: directory.acknowledgementLinks)
        guard let url = HTTPURL(link) else { throw StoryError(text: "no link: \(link)") }
        let box = AnswerBox()
        endpoint.handle(
            HTTPRequest(method: method, target: url.target),
            HTTPResponder { response in box.answer.withLock { $0 = response } })
        guard engine.backlog > 0 else { return box.answer.withLock { $0 } ?? HTTPResponse(status: 500) }
        if let delivery = directory.acknowledgementLinks.delivery(ofToken: url.target.dropFirst(3)) {
            act(.acknowledge, delivery)
        }
        return HTTPResponse(status: 202)
    }
}

/// Holds the answer of an endpoint.
private final class AnswerBox: Sendable {
    let answer = Mutex<HTTPResponse?>(nil)
}
