import Glibc

/// A thread that runs one body and can be waited for.
struct JoinableThread {
    private let thread: pthread_t

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread; it holds what the body holds until it ends.
    init(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(Body(body)).toOpaque()
        pthread_create(
            &thread, nil,
            { reference in
                guard let reference else { return nil }
                Unmanaged<Body>.fromOpaque(reference).takeRetainedValue().run()
                return nil
            }, reference)
        self.thread = thread
    }

    /// Waits until the body has ended. Once.
    func join() { pthread_join(thread, nil) }
}
