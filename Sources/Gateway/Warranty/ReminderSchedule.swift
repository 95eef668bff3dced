import Zones

/// When the lead times of a warranty begin, and what is due. Pure.
public struct ReminderSchedule: Sendable {
    let settings: WarrantySettings

    /// A schedule by a configuration's `warranties:`.
    public init(_ settings: WarrantySettings) { self.settings = settings }

    /// What a look at a warranty finds.
    public struct Finding: Sendable, Hashable {
        /// The lead time to remind of now, in days.
        public var due: Int?
        /// Lead times that began without a reminder, and that a later one or the warranty's end has overtaken, or that the
        /// configuration did not have then.
        public var passed: [Int] = []
        /// When to look again; `nil` for never.
        public var next: Timestamp?
    }

    /// When a lead time begins: the minute of `at` on its day. Where clocks skip it, the first instant after the gap;
    /// where they show it twice, the first.
    public func beginning(of lead: Int, _ warranty: WarrantyRecord, in zone: Zone) -> Timestamp {
        instant(day: warranty.expires - lead, minute: settings.minute, in: zone)
    }

    /// What is due of a warranty.
    /// - Parameters:
    ///   - made: the lead times of its day that something became of.
    ///   - zone: that of the people who are reminded.
    public func find(_ warranty: WarrantyRecord, made: Set<Int>, in zone: Zone, now: Timestamp) -> Finding {
        var finding = Finding()
        // Falling lead times begin one after the other, so the last that has begun is the one to remind of.
        for lead in settings.leadTimes where !made.contains(lead) {
            let begin = beginning(of: lead, warranty, in: zone)
            guard begin > warranty.armed else { continue }
            if begin <= now, !warranty.leads.contains(lead) {
                finding.passed.append(lead)
            } else if begin <= now {
                if let due = finding.due { finding.passed.append(due) }
                finding.due = lead
            } else {
                let look = look(for: lead, warranty, begin, now)
                finding.next = min(finding.next ?? look, look)
            }
        }
        if let due = finding.due, now >= instant(day: warranty.expires + 1, minute: 0, in: zone) {
            finding.passed.append(due)
            finding.due = nil
        }
        return finding
    }

    /// The next lead time that will be reminded of, with its beginning; `nil` when none is left.
    public func next(
        _ warranty: WarrantyRecord, made: Set<Int>, in zone: Zone, now: Timestamp
    ) -> (lead: Int, at: Timestamp)? {
        for lead in settings.leadTimes where !made.contains(lead) {
            let begin = beginning(of: lead, warranty, in: zone)
            if begin > max(now, warranty.armed) { return (lead, begin) }
        }
        return nil
    }

    /// The beginning in the zone that is furthest ahead, while that is to come: people may move until then.
    private func look(for lead: Int, _ warranty: WarrantyRecord, _ begin: Timestamp, _ now: Timestamp) -> Timestamp {
        let clock = Int64(warranty.expires - lead) * 86_400 + Int64(settings.minute) * 60
        // Kiritimati is 14 hours ahead of UTC.
        let earliest = Timestamp(milliseconds: (clock - 14 * 3_600) * 1_000)
        return earliest > now ? min(earliest, begin) : begin
    }

    private func instant(day: Int, minute: Int, in zone: Zone) -> Timestamp {
        let date = CivilDate(daysSinceEpoch: day)
        guard let local = LocalTime(date: date, hour: minute / 60, minute: minute % 60) else { return .distantFuture }
        return Timestamp(milliseconds: zone.instant(of: local) * 1_000)
    }
}
