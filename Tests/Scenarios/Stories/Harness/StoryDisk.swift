import Foundation
import Gateway
import MemoryStore
import SQL
import SQLiteStore
import SimulatedDisk

/// The production store on a simulated disk, and beside it a model of what it must hold: the batches whose commit
/// returned, in the store that is in memory.
final class StoryDisk {
    let disk: SimulatedDisk
    let model = InMemoryStore(tracing: true)
    let snapshots = StorySnapshots()
    /// How the running process ends, whenever it does.
    var end = SimulatedDisk.End.killed
    /// Where the store was not what it must be after a start.
    private(set) var violations: [String] = []
    /// Batches whose commit did not return or threw, and which were there after the next start all the same.
    private(set) var landed = 0
    private(set) var starts = 0

    private let folder = NSTemporaryDirectory() + "story-disk-\(UUID().uuidString)"
    private let options: SQLiteOptions
    private var opened: (file: SQLiteFile, deliveries: SQLiteDeliveries, records: SQLiteRecords)?
    private let lease: Lease
    /// The last batch whose commit did not return or threw, unless a later one returned.
    private var doubtful: Batch?
    private var witnesses = StoreWitnesses()

    init(seed: UInt64) throws {
        disk = SimulatedDisk(seed: seed, sector: seed % 2 == 0 ? 512 : 4_096)
        lease = try model.open(partition: 0)
        var options = SQLiteOptions()
        options.vfs = disk.name
        // Small, so that checkpoints and moves of look-up keys come between a few messages.
        options.checkpointPages = 40
        options.lookUpBatch = 24
        options.busyTimeout = 0
        // Little enough that a running engine reads from the disk.
        options.cacheKibibytes = 64
        self.options = options
    }

    deinit {
        opened = nil
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The store while a process runs, else what it should hold.
    var deliveries: any DeliveryStore { opened?.deliveries ?? model }
    var records: any RecordStore { opened?.records ?? model }

    private var path: String { folder + "/gateway.db" }

    /// The process came to a halt in the middle of a change.
    var isStopped: Bool { disk.isStopped }

    /// A process opens the store, and finds what it must find.
    func open() throws {
        let file = try SQLiteFile(path: path, options: options)
        let (deliveries, records) = (try file.deliveries(), try file.records(readers: 1))
        starts += 1
        try compare(deliveries, records)
        opened = (file, deliveries, records)
        snapshots.use(records)
    }

    /// Commits as the engine's thread does.
    func commit(_ batch: Batch, _ lease: Lease) throws(StoreError) {
        guard let opened else { throw StoreError(.failed, "no process runs") }
        witnesses.note(batch)
        doubtful = batch
        try opened.deliveries.commit(batch, lease)
        doubtful = nil
        // What moves to the index moves at once: two runs of a seed make the same changes in the same order.
        opened.file.settle()
        try model.commit(batch, self.lease)
    }

    /// What the API stored of a batch beside the engine, for the model.
    func copyParts(of mailing: RecordID, count: Int) throws {
        try model.put(
            try (0..<count).map { number in
                guard let part = try records.part(number, ofMailing: mailing) else {
                    throw StoreError(.failed, "a part was not stored")
                }
                return part
            })
    }

    /// The process ends; in order, it closes its files first.
    func endProcess(inOrder: Bool = false) {
        snapshots.use(nil)
        if inOrder { opened = nil }
        disk.end(end)
        opened = nil
        end = .killed
    }

    // MARK: what must be there

    /// A batch of which nobody knows is there whole or not at all; everything else is as the model has it.
    private func compare(_ deliveries: any DeliveryStore, _ records: any RecordStore) throws {
        violations += try findings()
        let there = try witnesses.rows(deliveries, records)
        var wanted = try witnesses.rows(model, model)
        if there != wanted, let doubtful {
            try model.commit(doubtful, lease)
            wanted = try witnesses.rows(model, model)
            landed += 1
        }
        doubtful = nil
        guard there != wanted else { return }
        let differing = zip(there, wanted).first { $0 != $1 }
        violations.append(
            "start \(starts): \(there.count) rows, not \(wanted.count): "
                + "\(differing.map { "\($0) instead of \($1)".prefix(600) } ?? "some are missing")")
    }

    /// What SQLite finds wrong with the files.
    private func findings() throws -> [String] {
        var connecting = SQLOptions()
        connecting.access = .read
        connecting.vfs = disk.name
        return try [path, path + ".lookup"].flatMap { path in
            try SQLConnection(path: path, options: connecting).integrityFindings().map { "start \(starts): \($0)" }
        }
    }
}
