import Synchronization

/// Handles one request. It is called on an event loop and must not block; it answers through the responder, at once
/// or later, from any thread.
public typealias HTTPHandler = @Sendable (HTTPRequest, HTTPResponder) -> Void

/// The way back for one answer. The first call counts, a second one is ignored; when the last copy is dropped without
/// a call, the answer is 500, so no request waits for ever.
public struct HTTPResponder: Sendable {
    private final class Once: Sendable {
        let isAnswered = Atomic<Bool>(false)
        let complete: @Sendable (HTTPResponse) -> Void

        init(_ complete: @escaping @Sendable (HTTPResponse) -> Void) {
            self.complete = complete
        }

        func answer(_ response: HTTPResponse) {
            guard !isAnswered.exchange(true, ordering: .acquiringAndReleasing) else { return }
            complete(response)
        }

        deinit {
            answer(HTTPResponse(status: 500))
        }
    }

    private let once: Once

    /// Makes a responder that hands its one answer to `complete`, on the thread that answers.
    public init(_ complete: @escaping @Sendable (HTTPResponse) -> Void) {
        once = Once(complete)
    }

    /// Answers; any thread.
    public func callAsFunction(_ response: HTTPResponse) {
        once.answer(response)
    }
}
