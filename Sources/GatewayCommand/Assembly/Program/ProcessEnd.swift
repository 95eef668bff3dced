import Glibc

/// Signals and the end of the process.
enum ProcessEnd {
    /// What a signal asks for.
    enum Request { case stop, reload }

    /// Must run before any other thread starts: they inherit the mask, so that signals come to `wait` alone.
    static func blockSignals() {
        var set = self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Blocks until SIGTERM, SIGINT or SIGHUP.
    static func wait() -> Request {
        var set = self.set
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number == SIGHUP ? .reload : .stop
    }

    /// Blocks until SIGTERM, SIGINT or SIGHUP, or until a time has passed: `nil`.
    static func wait(upTo span: Duration) -> Request? {
        var set = self.set
        let (seconds, rest) = span.components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest / 1_000_000_000))
        switch sigtimedwait(&set, nil, &time) {
        case SIGHUP: return .reload
        case SIGTERM, SIGINT: return .stop
        default: return nil
        }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        return set
    }

    static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
