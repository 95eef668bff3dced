import Gateway

/// Writes a batch as bytes: the same batch always gives the same ones, and two different batches never do.
///
/// Every field has a fixed place; integers are 8 bytes big-endian, texts and blobs have their length before them, lists
/// their count, and an optional value a byte that says whether it is there. Two runs are equal when their traces are.
struct BatchEncoder {
    private(set) var bytes: [UInt8] = []

    /// The bytes of one commit.
    static func encode(_ batch: Batch, _ lease: Lease) -> [UInt8] {
        var encoder = BatchEncoder()
        encoder.put(Int64(lease.partition))
        encoder.put(lease.epoch)
        encoder.putDeliveries(batch)
        encoder.putRecords(batch)
        encoder.putWarranties(batch)
        encoder.putPublished(batch)
        encoder.putConsents(batch)
        encoder.putMedia(batch)
        encoder.putTasksAndDetails(batch)
        encoder.putConferences(batch)
        return encoder.bytes
    }

    private mutating func putDeliveries(_ batch: Batch) {
        each(batch.messages) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.created)
            encoder.put(row.body)
        }
        each(batch.deliveries) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.message)
            encoder.put(row.body)
        }
        each(batch.states, Self.putState)
        each(batch.closed, Self.putState)
        each(batch.events) { encoder, row in
            encoder.put(row.sequence)
            encoder.put(row.delivery)
            encoder.put(row.blob)
        }
    }

    private mutating func putRecords(_ batch: Batch) {
        each(batch.answers) { encoder, row in
            encoder.put(row.key)
            encoder.put(row.body)
            encoder.put(row.until)
        }
        each(batch.lookUps) { encoder, row in
            encoder.put(Int64(row.kind.rawValue))
            encoder.put(row.key)
            encoder.put(row.id)
        }
        each(batch.reviews, Self.putReview)
        each(batch.inbound, Self.putInbound)
        each(batch.snapshots) { encoder, row in
            encoder.put(row.hash)
            encoder.put(row.body)
        }
        each(batch.marks) { encoder, row in
            encoder.put(row.number)
            encoder.put(row.kind.rawValue)
            encoder.put(row.scope)
            encoder.put(row.at)
            encoder.put(row.until)
        }
        each(batch.spends) { encoder, row in
            encoder.put(row.day)
            encoder.put(row.key)
            encoder.put(Int64(row.calls))
            encoder.put(row.micros)
        }
        each(batch.outgoing, Self.putOutgoing)
        each(batch.outgoingDone) { encoder, id in encoder.put(id) }
        each(batch.receipts) { encoder, row in
            encoder.put(row.channel)
            encoder.put(row.country)
            encoder.put(Int64(row.sent))
            encoder.put(Int64(row.reported))
            encoder.put(row.quality.rawValue)
        }
        each(batch.costs, Self.putCost)
        each(batch.settlements, Self.putSettlement)
        each(batch.settlementsDone, Self.putSettlement)
        each(batch.recipientCosts) { encoder, row in
            encoder.put(Int64(row.day))
            encoder.put(row.recipient)
            encoder.put(row.spent)
        }
        putMailings(batch)
        each(batch.errors, Self.putError)
    }

    private mutating func putTasksAndDetails(_ batch: Batch) {
        each(batch.tasks) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.queue)
            encoder.put(Int64(row.priority))
            encoder.put(row.created)
            encoder.put(row.state.rawValue)
            encoder.put(row.changed)
            encoder.put(row.inbound?.rawValue ?? 0)
            for text in [row.worker, row.reason, row.contact] {
                encoder.bytes.append(text == nil ? 0 : 1)
                encoder.put(text ?? "")
            }
            encoder.put(row.attributes)
            encoder.put(row.entered)
            encoder.put(row.accepted)
            encoder.put(row.course.bytes ?? [])
        }
        each(batch.workers) { encoder, row in
            encoder.put(row.name)
            encoder.put(row.activity.rawValue)
            for time in [row.since, row.idle, row.given] { encoder.put(time) }
        }
        each(batch.details) { encoder, row in
            encoder.put(row.delivery)
            encoder.put(Int64(row.attempt))
            encoder.put(row.status)
            encoder.put(row.at)
            encoder.put(row.body)
        }
    }

    private mutating func putMailings(_ batch: Batch) {
        each(batch.mailings) { encoder, row in
            encoder.put(row.id)
            encoder.put(row.created)
            encoder.put(row.body)
        }
        each(batch.mailingProgress) { encoder, row in
            encoder.put(row.mailing)
            encoder.put(row.blob)
            encoder.put(row.isOpen ? Int64(1) : 0)
        }
        each(batch.mailingOutcomes) { encoder, row in
            encoder.put(row.mailing)
            encoder.put(Int64(row.part))
            encoder.put(row.body)
        }
    }

    private static func putState(_ encoder: inout BatchEncoder, _ row: StateRecord) {
        encoder.put(row.delivery)
        encoder.put(row.blob)
    }

    private static func putReview(_ encoder: inout BatchEncoder, _ row: ReviewRecord) {
        encoder.put(row.id)
        encoder.put(row.delivery?.rawValue ?? 0)
        encoder.put(row.reason)
        encoder.put(row.isOpen ? Int64(1) : 0)
        encoder.put(row.created)
        encoder.put(row.closed)
        encoder.put(row.verdict?.rawValue ?? "")
        encoder.put(row.closedBy ?? "")
        encoder.put(row.inbound?.rawValue ?? 0)
        encoder.put(row.reply?.rawValue ?? 0)
        encoder.bytes.append(row.contact == nil ? 0 : 1)
        encoder.put(row.contact ?? "")
        encoder.bytes.append(row.draft == nil ? 0 : 1)
        encoder.put(row.draft ?? "")
    }

    private static func putInbound(_ encoder: inout BatchEncoder, _ row: InboundRecord) {
        encoder.put(row.id)
        encoder.put(row.created)
        encoder.put(row.channel)
        encoder.put(row.from)
        encoder.put(row.to)
        encoder.put(row.providerID)
        encoder.bytes.append(row.contact == nil ? 0 : 1)
        encoder.put(row.contact ?? "")
        encoder.put(row.body)
    }

    private static func putOutgoing(_ encoder: inout BatchEncoder, _ row: OutgoingRecord) {
        encoder.put(row.id)
        encoder.put(row.type)
        encoder.put(row.delivery)
        encoder.put(row.url)
        encoder.put(row.body)
        encoder.put(row.created)
        encoder.put(Int64(row.tries))
        encoder.put(row.due)
        encoder.put(row.context)
    }

    private static func putError(_ encoder: inout BatchEncoder, _ row: ErrorRecord) {
        let context = row.context
        let ids = [row.id, context.delivery, context.message].map { $0?.rawValue ?? 0 }
        let numbers = [row.count, context.providerCode, context.step ?? -1, context.attempt ?? -1].map(Int64.init)
        for figure in ids + numbers + [Int64(row.severity.rawValue), row.isShared ? 1 : 0] { encoder.put(figure) }
        for text in [row.code, row.message, context.tenant, context.channel, context.provider, context.country] {
            encoder.put(text)
        }
        encoder.put(row.first)
        encoder.put(row.last)
    }

    private static func putSettlement(_ encoder: inout BatchEncoder, _ row: SettlementRecord) {
        encoder.put(row.delivery)
        encoder.put(Int64(row.attempt))
        encoder.put(row.created)
        encoder.put(row.due)
        encoder.put(Int64(row.tries))
    }

    private static func putCost(_ encoder: inout BatchEncoder, _ row: CostRecord) {
        for name in [row.tenant, row.policy, row.channel, row.country, row.kind, row.direction.rawValue] {
            encoder.put(name)
        }
        let counts = [row.day, row.attempts, row.settled, row.duplicates].map(Int64.init)
        for figure in counts + [row.estimate, row.settledEstimate, row.actual, row.duplicateEstimate] {
            encoder.put(figure)
        }
    }

    mutating func each<Row>(_ rows: [Row], _ put: (inout BatchEncoder, Row) -> Void) {
        self.put(Int64(rows.count))
        for row in rows { put(&self, row) }
    }

    mutating func put(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func put(_ id: RecordID) { put(id.rawValue) }

    mutating func put(_ time: Timestamp) { put(time.milliseconds) }

    mutating func put(_ time: Timestamp?) {
        bytes.append(time == nil ? 0 : 1)
        put(time?.milliseconds ?? 0)
    }

    mutating func put(_ blob: [UInt8]) {
        put(Int64(blob.count))
        bytes.append(contentsOf: blob)
    }

    mutating func put(_ text: String) { put(Array(text.utf8)) }
}
