import CSQLite
import Glibc

extension SQLConnection {
    /// Runs `body`, whose statements end with `interrupted` once a time is over. It is looked at every few thousand
    /// instructions of a statement, so that one ends some milliseconds late. What a statement changed is undone.
    public func within<Result, Failure: Error>(
        _ time: Duration, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (seconds, fraction) = time.components
        let nanoseconds = UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: fraction / 1_000_000_000)
        // At one address for as long as SQLite knows it.
        let end = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
        end.initialize(to: Self.monotonic &+ nanoseconds)
        sqlite3_progress_handler(
            handle, 1_000,
            { end in end.map { SQLConnection.monotonic > $0.load(as: UInt64.self) } ?? false ? 1 : 0 }, end)
        defer {
            sqlite3_progress_handler(handle, 0, nil, nil)
            end.deallocate()
        }
        return try body()
    }

    private static var monotonic: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
