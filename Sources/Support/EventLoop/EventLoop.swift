import CLinux
import Glibc
import Synchronization

/// One thread that waits with level-triggered epoll and runs handlers, timers and handed-over work, one at a time.
///
/// It is an executor for Swift tasks and actors as well (`EventLoop+Executor.swift`). Nothing that runs on it may
/// block. After ``stop()`` work that is handed over is dropped.
public final class EventLoop: TaskExecutor, SerialExecutor, @unchecked Sendable {
    // Unchecked: everything below the atomics and the queue is touched by the loop's own thread only.
    private let name: String
    private let poller: Int32
    private let waker: Int32
    private let incoming = WorkQueue()
    private let isStopping = Atomic<Bool>(false)
    private let threadNumber = Atomic<UInt>(0)
    private let thread = Mutex<pthread_t?>(nil)

    private var local: [LoopWork] = []
    private var running: [LoopWork] = []
    private var timers = TimerHeap()
    private var table = DescriptorTable()
    private var cachedNow: UInt64 = 0

    /// Makes a loop; it works after ``start()``. The name is the thread's, cut to 15 bytes.
    /// Ignores SIGPIPE and SIGXFSZ for the whole process: a closed peer and a limit on the size of files are errors of
    /// the write, not signals.
    public init(name: String) throws {
        self.name = name
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        poller = epoll_create1(Int32(GW_EPOLL_CLOEXEC))
        guard poller >= 0 else { throw EventLoopError(code: .resources, call: "epoll_create1", errno: errno) }
        waker = eventfd(0, GW_EFD_NONBLOCK | GW_EFD_CLOEXEC)
        guard waker >= 0 else {
            let number = errno
            close(poller)
            throw EventLoopError(code: .resources, call: "eventfd", errno: number)
        }
        var event = epoll_event(events: GW_EPOLLIN, data: epoll_data_t(u64: UInt64.max))
        guard epoll_ctl(poller, EPOLL_CTL_ADD, waker, &event) == 0 else {
            let number = errno
            close(poller)
            close(waker)
            throw EventLoopError(code: .resources, call: "epoll_ctl", errno: number)
        }
    }

    deinit {
        close(poller)
        close(waker)
    }

    // MARK: Life

    /// Starts the thread. A second call does nothing. Throws when the system has no thread to give.
    public func start() throws {
        try thread.withLock { thread in
            guard thread == nil else { return }
            var handle = pthread_t()
            let box = Unmanaged.passRetained(self)
            let result = pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                    return nil
                }, box.toOpaque())
            guard result == 0 else {
                box.release()
                throw EventLoopError(code: .resources, call: "pthread_create", errno: result)
            }
            thread = handle
        }
    }

    /// Ends the thread after the work that waits now, and waits for its end unless called on the loop itself.
    /// A second call does nothing.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
        guard !isOnLoop else { return }
        let handle = thread.withLock { thread in
            let handle = thread
            thread = nil
            return handle
        }
        if let handle { pthread_join(handle, nil) }
    }

    /// Whether the caller runs on this loop's thread.
    public var isOnLoop: Bool {
        threadNumber.load(ordering: .relaxed) == UInt(pthread_self())
    }

    // MARK: Work

    /// Runs work on the loop, after what already waits; any thread. Returns false, and drops the work, when the loop
    /// was stopped.
    @discardableResult
    public func execute(_ work: @escaping @Sendable () -> Void) -> Bool {
        submit(.closure(work))
    }

    /// Runs work on the loop after a time (at once when it is not positive); any thread.
    @discardableResult
    public func schedule(after delay: Duration, _ work: @escaping @Sendable () -> Void) -> EventLoopTimer {
        let deadline = Self.monotonicNow().addingReportingOverflow(delay.wholeNanoseconds)
        // Not weak, which would make every count of the loop's references slow: the heap lets go of a timer that ended,
        // and of all when the loop ends.
        let timer = EventLoopTimer(deadline: deadline.overflow ? .max : deadline.partialValue, work: work) {
            timer in self.forget(timer)
        }
        if isOnLoop {
            timers.insert(timer)
        } else {
            execute { [self] in
                if !timer.isFinished { timers.insert(timer) }
            }
        }
        return timer
    }

    /// Nanoseconds of the monotonic clock when this turn of the loop began; on the loop only.
    public var now: UInt64 { cachedNow }

    /// Nanoseconds of the monotonic clock.
    public static func monotonicNow() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    // MARK: Descriptors, on the loop only

    /// Watches a descriptor. The loop keeps the handler until ``unwatch(_:)``.
    public func watch(_ descriptor: Int32, _ events: DescriptorEvents, _ handler: any DescriptorHandler) throws {
        var event = epoll_event(
            events: events.rawValue, data: epoll_data_t(u64: table.insert(handler, at: descriptor)))
        guard epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            let number = errno
            table.remove(descriptor)
            throw EventLoopError(code: .register, call: "epoll_ctl", errno: number)
        }
    }

    /// Changes what is watched on a descriptor.
    public func change(_ descriptor: Int32, _ events: DescriptorEvents) {
        guard table.contains(descriptor) else { return }
        var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: table.word(descriptor)))
        _ = epoll_ctl(poller, EPOLL_CTL_MOD, descriptor, &event)
    }

    /// Stops watching; call it before the descriptor is closed.
    public func unwatch(_ descriptor: Int32) {
        guard table.contains(descriptor) else { return }
        table.remove(descriptor)
        var event = epoll_event()
        _ = epoll_ctl(poller, EPOLL_CTL_DEL, descriptor, &event)
    }

    // MARK: Inside

    @discardableResult
    func submit(_ work: sending LoopWork) -> Bool {
        if isOnLoop {
            local.append(work)
            return true
        }
        let place = incoming.add(work)
        if place == .first { wake() }
        return place != .refused
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(waker, &one, 8)
    }

    private func forget(_ timer: EventLoopTimer) {
        if isOnLoop {
            timers.remove(timer)
        } else {
            execute { [self] in timers.remove(timer) }
        }
    }

    private func run() {
        threadNumber.store(UInt(pthread_self()), ordering: .relaxed)
        gw_name_thread(String(name.prefix(15)))
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
            while !isStopping.load(ordering: .acquiring) {
                turn(events)
            }
        }
        finish()
        threadNumber.store(0, ordering: .relaxed)
    }

    private func turn(_ events: UnsafeMutableBufferPointer<epoll_event>) {
        let count = epoll_wait(poller, events.baseAddress, Int32(events.count), waitMilliseconds())
        cachedNow = Self.monotonicNow()
        for index in 0..<max(0, Int(count)) {
            let word = events[index].data.u64
            if word == UInt64.max {
                takeIncoming()
            } else if let handler = table.handler(word) {
                handler.descriptorReady(DescriptorEvents(rawValue: events[index].events))
            }
        }
        while let timer = timers.popDue(cachedNow) { timer.fire() }
        runLocal()
    }

    // Rounded up: a timer never fires early, and the loop does not spin in the last millisecond.
    private func waitMilliseconds() -> Int32 {
        if !local.isEmpty { return 0 }
        guard let deadline = timers.nextDeadline else { return -1 }
        let now = Self.monotonicNow()
        guard deadline > now else { return 0 }
        return Int32(clamping: min((deadline - now + 999_999) / 1_000_000, 3_600_000))
    }

    private func takeIncoming() {
        var count: UInt64 = 0
        _ = read(waker, &count, 8)
        incoming.take(into: &local)
    }

    // Work that is added meanwhile waits for the next turn, so descriptors are never starved.
    private func runLocal() {
        guard !local.isEmpty else { return }
        swap(&local, &running)
        for work in running {
            switch work {
            case .closure(let closure): closure()
            case .job(let job): run(job)
            }
        }
        running.removeAll(keepingCapacity: running.count < 1024)
    }

    private func finish() {
        takeIncoming()
        // A bound: work that always adds work must not hold up the end.
        for _ in 0..<1000 where !local.isEmpty {
            runLocal()
            takeIncoming()
        }
        incoming.close()
        local = []
        timers = TimerHeap()
        table = DescriptorTable()
    }
}

extension Duration {
    /// This duration in nanoseconds, between 0 and the largest value that fits.
    package var wholeNanoseconds: UInt64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        let product = UInt64(clamping: seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let sum = product.partialValue.addingReportingOverflow(UInt64(clamping: attoseconds / 1_000_000_000))
        return product.overflow || sum.overflow ? .max : sum.partialValue
    }
}
