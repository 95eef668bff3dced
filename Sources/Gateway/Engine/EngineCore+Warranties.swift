// The register of warranties. The engine alone changes it, so that a reminder, and the fact that it was made, are one commit
// with the message, and no change by a caller comes in between.

/// What changes the register.
public enum WarrantyChange: Sendable, Hashable {
    /// Creates or replaces one.
    case put(WarrantyRecord)
    /// By the caller's id. What was reminded of is not forgotten.
    case remove(String)
    /// What a look came to, without a message.
    case looked(WarrantyLook)
}

extension EngineCore {
    /// Whoever waits is told once it is durable.
    func take(_ change: WarrantyChange, _ ticket: Int) {
        switch change {
        case .put(let warranty): put(warranty)
        case .remove(let id):
            guard presentWarranty(id) != nil else { return release(ticket, .notFound) }
            turn.batch.warrantiesRemoved.append(id)
            changedWarranties[id] = .some(nil)
        case .looked(let look): _ = apply(look)
        }
        release(ticket, .recorded)
    }

    private func put(_ warranty: WarrantyRecord) {
        var warranty = warranty
        let known = presentWarranty(warranty.id)
        warranty.version = (known?.version ?? 0) + 1
        warranty.armed = now
        if let known, known.expires == warranty.expires {
            warranty.armed = known.armed
            warranty.leads = known.leads
        }
        // The next pass finds out what is due.
        warranty.look = now
        keep(warranty)
    }

    private func keep(_ warranty: WarrantyRecord) {
        turn.batch.warranties.append(warranty)
        // One that was removed in this turn is there again.
        turn.batch.warrantiesRemoved.removeAll { $0 == warranty.id }
        changedWarranties[warranty.id] = .some(warranty)
    }

    /// Takes a look over unless the warranty has changed, or one of its reminders is known.
    /// - Returns: whether it did.
    func apply(_ look: WarrantyLook) -> Bool {
        guard var warranty = presentWarranty(look.id), warranty.version == look.version,
            !look.reminders.contains(where: isKnown)
        else { return false }
        for reminder in look.reminders {
            turn.batch.reminders.append(reminder)
            newReminders.insert(ReminderKey(reminder))
        }
        warranty.look = look.next
        warranty.leads = look.leads
        keep(warranty)
        return true
    }

    private func presentWarranty(_ id: String) -> WarrantyRecord? {
        if let changed = changedWarranties[id] { return changed }
        return readNow { () throws(StoreError) in try store.warranty(id) } ?? nil
    }

    private func isKnown(_ reminder: ReminderRecord) -> Bool {
        if newReminders.contains(ReminderKey(reminder)) { return true }
        // When the store cannot tell, the turn is refused.
        let known = readNow { () throws(StoreError) in try store.reminders(ofWarranty: reminder.warranty) } ?? []
        return known.contains { ReminderKey($0) == ReminderKey(reminder) }
    }
}

/// What a reminder is about.
struct ReminderKey: Hashable {
    private var warranty: String
    private var expires: Int
    private var lead: Int

    init(_ reminder: ReminderRecord) {
        warranty = reminder.warranty
        expires = reminder.expires
        lead = reminder.lead
    }
}
