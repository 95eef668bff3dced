import Gateway
import Synchronization
import Zones

/// Finds out which warranties are to be reminded of, a bounded part at a time; blocks. It changes nothing: what it finds is
/// for the engine, which makes each reminder at most once, whatever is found twice.
public final class ReminderScan: Sendable {
    /// Something that the engine is to do.
    public enum Finding: Sendable {
        /// A message, with the reminder that it is.
        case remind(AcceptInput)
        /// A look without a message.
        case look(WarrantyLook)

        /// What the engine is handed.
        public func input(ticket: Int) -> EngineInput {
            switch self {
            case .remind(let input): .accept(input, ticket: ticket)
            case .look(let look): .warranty(.looked(look), ticket: ticket)
            }
        }
    }

    /// Warranties of one pass: those that are due, and as many of the sweep.
    public static let limit = 100

    private struct State {
        /// The settings by which all warranties were looked at; `nil` before the first pass.
        var settings: WarrantySettings?
        /// Behind which id the sweep goes on; `nil` when it is over.
        var sweepAfter: String?
        var hasSwept = false
    }

    private let records: any RecordStore
    private let acceptance: Acceptance
    private let state = Mutex(State())

    /// A scan of a store.
    public init(records: any RecordStore, acceptance: Acceptance) {
        self.records = records
        self.acceptance = acceptance
    }

    /// Whether there may be more to do at once.
    public var isSweeping: Bool { state.withLock { $0.sweepAfter != nil } }

    /// One pass. What it finds is to be done before the next.
    public func pass(_ directory: ConfigurationDirectory, now: Timestamp) throws(StoreError) -> [Finding] {
        let settings = directory.warrantySettings
        startSweep(settings)
        var findings: [Finding] = []
        for warranty in try records.warranties(dueBy: now, limit: Self.limit) {
            findings.append(try look(at: warranty, settings, directory, now: now))
        }
        try sweep(settings, directory, now: now, &findings)
        return findings
    }

    /// After a start, and where the settings have changed, every warranty is looked at once.
    private func startSweep(_ settings: WarrantySettings?) {
        state.withLock { state in
            guard !state.hasSwept || state.settings != settings else { return }
            state.hasSwept = true
            state.settings = settings
            state.sweepAfter = ""
        }
    }

    private func sweep(
        _ settings: WarrantySettings?, _ directory: ConfigurationDirectory, now: Timestamp, _ findings: inout [Finding]
    ) throws(StoreError) {
        guard let after = state.withLock({ $0.sweepAfter }) else { return }
        let page = try records.warranties(after: after, limit: Self.limit)
        // What is due has been looked at.
        for warranty in page where warranty.look.map({ $0 > now }) ?? true {
            let finding = try look(at: warranty, settings, directory, now: now)
            if case .look(let look) = finding, look.reminders.isEmpty, look.next == warranty.look,
                look.leads == warranty.leads
            {
                continue
            }
            findings.append(finding)
        }
        let next = page.count < Self.limit ? nil : page.last?.id
        state.withLock { $0.sweepAfter = next }
    }

    private func look(
        at warranty: WarrantyRecord, _ settings: WarrantySettings?, _ directory: ConfigurationDirectory, now: Timestamp
    ) throws(StoreError) -> Finding {
        guard let settings else { return .look(WarrantyLook(of: warranty, leads: [], next: nil)) }
        let made = Set(
            try records.reminders(ofWarranty: warranty.id).filter { $0.expires == warranty.expires }.map(\.lead))
        let schedule = ReminderSchedule(settings)
        let zone = zone(of: warranty, settings, directory)
        let found = schedule.find(warranty, made: made, in: zone, now: now)
        let passed = found.passed.map { ReminderRecord(warranty, lead: $0, at: now, outcome: "passed") }
        var look = WarrantyLook(of: warranty, leads: settings.leadTimes, reminders: passed, next: found.next)
        guard let lead = found.due else { return .look(look) }
        do throws(Problem) {
            var input = try acceptance.prepare(warranty.envelope(lead: lead, settings), directory).input
            var reminder = ReminderRecord(warranty, lead: lead, at: now, outcome: "reminded")
            reminder.message = input.message.id
            look.reminders.append(reminder)
            input.reminder = look
            return .remind(input)
        } catch {
            if error.status == 503 { throw StoreError(.busy, error.message) }
            look.reminders.append(ReminderRecord(warranty, lead: lead, at: now, outcome: error.code))
            return .look(look)
        }
    }

    /// That of the first person who is reminded, else the gateway's.
    func zone(of warranty: WarrantyRecord, _ settings: WarrantySettings, _ directory: ConfigurationDirectory) -> Zone {
        let people = try? acceptance.resolve(.boat(warranty.boat, role: settings.role), directory)
        return ZoneCache.zone(people?.first?.timeZone ?? directory.defaultTimeZone)
    }
}
