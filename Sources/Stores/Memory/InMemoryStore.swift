import Gateway
import Synchronization

/// A store in memory: for tests, simulations and `store: memory`. What it holds is gone with the process.
///
/// It keeps every promise of `DeliveryStore` and `RecordStore` except durability, and passes the same contract suite as
/// the others. One mutex guards it, so the engine thread and API threads may share it.
package final class InMemoryStore: Sendable {
    struct Guarded: Sendable {
        var contents = StoreContents()
        var plannedFailures: [StoreError] = []
        var plannedReadFailures: [Reading: [StoreError]] = [:]
        var trace: [UInt8] = []
        var commits = 0
    }

    let guarded: Mutex<Guarded>
    private let isTracing: Bool

    /// An empty store. With `tracing` it keeps the bytes of every commit, which grow without bound.
    package init(tracing: Bool = false) {
        guarded = Mutex(Guarded())
        isTracing = tracing
    }

    /// Makes the next commit that has no earlier failure planned fail with `error` and change nothing. Failures queue
    /// up.
    package func failNextCommit(with error: StoreError) {
        guarded.withLock { $0.plannedFailures.append(error) }
    }

    /// What the engine reads while it decides.
    package enum Reading: Sendable, Hashable, CaseIterable {
        case body, state, answer, lookUp, openReview, siblings, contact, review, spent, lastCostDay, settlements,
            warranty, documents, media
    }

    /// Makes the engine's next reading of a kind that has no earlier failure planned fail with `error`.
    package func failNextRead(_ reading: Reading = .body, with error: StoreError) {
        guarded.withLock { $0.plannedReadFailures[reading, default: []].append(error) }
    }

    /// Reads the contents unless a failure is planned.
    func read<Result: Sendable>(
        _ reading: Reading, _ body: (inout StoreContents) -> Result
    ) throws(StoreError) -> Result {
        try guarded.withLock { guarded throws(StoreError) in
            if guarded.plannedReadFailures[reading]?.isEmpty == false {
                throw guarded.plannedReadFailures[reading, default: []].removeFirst()
            }
            return body(&guarded.contents)
        }
    }

    /// The bytes of all successful commits so far, for comparing two runs; empty unless the store traces.
    package var trace: [UInt8] { guarded.withLock { $0.trace } }

    /// How many commits were successful.
    package var commits: Int { guarded.withLock { $0.commits } }

    /// Reads or changes the contents, alone.
    func use<Result: Sendable>(
        _ body: (inout StoreContents) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try guarded.withLock { guarded throws(StoreError) in try body(&guarded.contents) }
    }

    /// As `use`, for what cannot fail.
    func read<Result: Sendable>(_ body: (inout StoreContents) -> Result) -> Result {
        guarded.withLock { body(&$0.contents) }
    }

    /// Applies a batch unless a failure is planned.
    func apply(_ batch: Batch, _ lease: Lease) throws(StoreError) {
        try guarded.withLock { guarded throws(StoreError) in
            try guarded.contents.check(lease)
            if !guarded.plannedFailures.isEmpty { throw guarded.plannedFailures.removeFirst() }
            try guarded.contents.apply(batch)
            guarded.commits += 1
            if isTracing { guarded.trace += BatchEncoder.encode(batch, lease) }
        }
    }
}
