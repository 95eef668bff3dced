import Gateway
import JSON

/// What a mailing needs of the disk and of the configuration: parts are read and become messages that the engine stores.
/// Everything here blocks, and is done by one thread.
public struct MailingWorker: Sendable {
    let records: any RecordStore
    let acceptance: Acceptance
    let keys: KeyAuthority
    let clock: any GatewayClock

    /// A worker beside the API.
    public init(records: any RecordStore, acceptance: Acceptance, keys: KeyAuthority, clock: any GatewayClock) {
        self.records = records
        self.acceptance = acceptance
        self.keys = keys
        self.clock = clock
    }

    // MARK: accepting

    /// Stores the parts of a batch and returns it, ready for the engine. Until the engine has stored it, its parts count
    /// for nothing.
    func read(
        _ body: [UInt8], _ key: KeyRecord, _ directory: ConfigurationDirectory
    ) throws(Problem) -> MailingInput {
        let now = clock.now
        let id = acceptance.mailingID(now)
        var writer = PartWriter(records: records, mailing: id)
        do throws(Problem) {
            let reading = try MailingReader.read(body, tenant: key.tenant, directory) { writer.add($0) }
            guard writer.flush() else { throw .cannotWrite }
            let head = MailingHead(
                envelope: reading.envelope, recipients: reading.progress.recipients,
                partSize: MailingHead.usualPartSize, key: key.id)
            let record = MailingRecord(id: id, created: now, body: head.encoded)
            let view = MailingViews.accepted(record, reading.progress)
            return MailingInput(record: record, progress: reading.progress, answer: view.bytes())
        } catch {
            forget(id)
            throw error
        }
    }

    /// Removes the parts of a batch that was not accepted. What cannot be removed now the next start removes.
    func forget(_ id: RecordID) { try? records.removeParts(withoutMailing: id) }

    /// Removes parts that a process left behind which ended before their batch was accepted.
    public func clean() { try? records.removeParts(withoutMailing: nil) }

    // MARK: working

    /// Does a piece of work.
    public func carryOut(_ work: MailingWork, _ directory: ConfigurationDirectory) -> MailingSlice {
        do throws(StoreError) {
            switch work.kind {
            case .accept: return MailingSlice(work, .recipients(try entries(work, directory)))
            case .recall: return MailingSlice(work, .deliveries(try deliveries(work)))
            }
        } catch {
            return MailingSlice(work, .failed)
        }
    }

    private func entries(
        _ work: MailingWork, _ directory: ConfigurationDirectory
    ) throws(StoreError) -> [MailingEntry] {
        guard let mailing = try records.mailing(work.mailing),
            let part = try records.part(work.part, ofMailing: mailing.id)
        else { throw StoreError(.corrupt, "a part of a batch is missing") }
        let head = try MailingHead(mailing.body)
        let key = keys.key(head.key)
        var entries: [MailingEntry] = []
        for (offset, element) in try MailingPartCodec.elements(part).enumerated() {
            switch MailingPartCodec.recipient(element) {
            case .refused(let rejection): entries.append(.refused(rejection, isKnown: true))
            case .valid(let recipient):
                let place = "/recipients/\(work.part * head.partSize + offset)"
                do throws(Problem) {
                    entries.append(try entry(recipient, head, mailing, key, directory))
                } catch {
                    if error.status == 503 { throw StoreError(.busy, "contacts cannot be read now") }
                    entries.append(.refused(MailingPartCodec.rejection(error, place: place), isKnown: false))
                }
            }
        }
        return entries
    }

    private func entry(
        _ recipient: JSONValue, _ head: MailingHead, _ mailing: MailingRecord, _ key: KeyRecord?,
        _ directory: ConfigurationDirectory
    ) throws(Problem) -> MailingEntry {
        let envelope = try EnvelopeReader.readRecipient(recipient, of: head.envelope)
        var prepared = try acceptance.prepare(envelope, directory, of: mailing)
        prepared.input.spend = key.flatMap {
            KeySpend(of: $0, calls: prepared.calls, micros: prepared.boundMicros)
        }
        let rejection = prepared.rejection.map {
            MailingRejection(code: $0.code, detail: $0.message + ($0.extra.first.map { " (\($0.1))" } ?? ""))
        }
        return .message(prepared.input, rejection)
    }

    private func deliveries(_ work: MailingWork) throws(StoreError) -> [RecordID] {
        guard let outcome = try records.outcome(ofPart: work.part, ofMailing: work.mailing) else { return [] }
        var ids: [RecordID] = []
        for case .accepted(let message) in try MailingResult.decode(outcome.body) {
            ids += try records.deliveries(ofMessage: message).map(\.id)
        }
        return ids
    }
}

/// Stores parts a few at a time, so that no commit of the engine waits long for the file.
private struct PartWriter {
    /// Bytes of parts in one transaction.
    static let bytes = 65_536

    let records: any RecordStore
    let mailing: RecordID
    private var waiting: [MailingPart] = []
    private var waitingBytes = 0
    private var number = 0

    init(records: any RecordStore, mailing: RecordID) {
        self.records = records
        self.mailing = mailing
    }

    /// `false` when the store refused.
    mutating func add(_ body: [UInt8]) -> Bool {
        waiting.append(MailingPart(mailing: mailing, number: number, body: body))
        number += 1
        waitingBytes += body.count
        return waitingBytes < Self.bytes || flush()
    }

    mutating func flush() -> Bool {
        guard !waiting.isEmpty else { return true }
        defer {
            waiting = []
            waitingBytes = 0
        }
        return (try? records.put(waiting)) != nil
    }
}
