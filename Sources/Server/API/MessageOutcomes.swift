import Gateway

/// What became of a message: one phase for each person that it was sent to.
///
/// Rounds and follow-ups stand for the delivery whose place they took, unless that was answered. Other people and the
/// channels of a broadcast are the business of the delivery that waits for them.
struct MessageOutcomes {
    private var byRoot: [(root: RecordID, phase: DeliveryPhase)] = []

    /// In the order of the deliveries' identifiers.
    mutating func add(_ job: DeliveryJob, _ phase: DeliveryPhase) {
        guard job.lineage?.parent == nil else { return }
        let root = job.lineage?.root ?? job.delivery
        guard let index = byRoot.firstIndex(where: { $0.root == root }) else {
            byRoot.append((root, phase))
            return
        }
        switch byRoot[index].phase {
        // A round that is to come reopens what was acknowledged once it has begun.
        case .acked where phase == .scheduled || phase == .acked || phase == .cancelled: break
        case .satisfied, .cancelled, .suppressed, .rejected: break
        default: byRoot[index].phase = phase
        }
    }

    var phases: [DeliveryPhase] { byRoot.map(\.phase) }
}
