import Crypto
import Gateway
import Testing
import Zones

@testable import Server

/// A register of warranties beside a virtual gateway, whose scan runs every few hours, as it does in the program.
final class WarrantyWorld {
    let gateway: VirtualGateway
    private var scan: (of: Acceptance, scan: ReminderScan)?
    /// When the world looks, hands in what it found, and starts a process that died.
    let pause = Duration.seconds(6 * 3_600)
    var isUp = true

    static let zone = "Europe/Zurich"

    init(
        seed: UInt64 = 1, begins: String = "2026-11-23T12:00:00Z", leadTimes: String = "[90d, 30d, 7d]",
        disk: StoryDisk? = nil
    ) throws {
        gateway = try VirtualGateway(Self.story(begins: begins, leadTimes: leadTimes), seed: seed, disk: disk)
        try move(owner: Self.zone)
        var boat = BoatRecord(id: "aurora", name: "Aurora")
        boat.contacts = [BoatContact(contact: "ana", role: "owner")]
        try gateway.records.put(boat)
    }

    static func story(begins: String, leadTimes: String) -> StoryConfiguration {
        var story = StoryConfiguration(
            """
              first:
                fallback: [{ channel: sms, template: alert }]
            """)
        story.begins = begins
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        story.sections = "warranties: { lead_times: \(leadTimes), at: \"09:00\", template: alert }"
        return story
    }

    func move(owner zone: String) throws {
        var contact = ContactRecord(id: "ana", name: "Ana")
        contact.timeZone = zone
        contact.addresses = [ContactAddress(kind: "phone", value: "+41791100001", verified: true)]
        try gateway.records.put(contact)
    }

    // MARK: what callers do

    func put(_ id: String, _ day: String, boat: String = "aurora") throws {
        try put(id, try #require(WarrantyRecord.day(of: day)), boat: boat)
    }

    func put(_ id: String, _ day: Int, boat: String = "aurora") throws {
        var warranty = WarrantyRecord(id: id, boat: boat, item: "Pump \(id)", expires: day)
        warranty.leads = gateway.directory.warrantySettings?.leadTimes ?? []
        gateway.submit(.warranty(.put(warranty), ticket: gateway.takeTicket()))
        gateway.run(for: .milliseconds(10))
    }

    func remove(_ id: String) {
        gateway.submit(.warranty(.remove(id), ticket: gateway.takeTicket()))
        gateway.run(for: .milliseconds(10))
    }

    // MARK: time

    /// Runs until a day at noon UTC.
    func run(until day: String) throws {
        let end = Timestamp(milliseconds: try DateText.parseRFC3339(day + "T12:00:00Z"))
        while gateway.now < end {
            gateway.run(until: min(end, gateway.now + pause))
            try look()
        }
    }

    /// A pass of the scan, by a process that runs.
    func look() throws {
        if gateway.core == nil, isUp { try start() }
        let findings = find()
        for finding in findings { gateway.submit(finding.input(ticket: gateway.takeTicket())) }
        // A scan that is handed in twice, as by a process that did not hear the answer.
        if gateway.number(in: 0...3) == 0 {
            for finding in findings { gateway.submit(finding.input(ticket: gateway.takeTicket())) }
        }
        gateway.run(for: .seconds(5))
    }

    /// A start at which the disk fails is followed by another one at the next look.
    private func start() throws {
        do {
            try gateway.restart()
        } catch let error as StoreError where error.kind != .corrupt {
            gateway.crash()
        }
    }

    private func find() -> [ReminderScan.Finding] {
        guard gateway.core != nil, let acceptance = gateway.acceptance else { return [] }
        // What uses the files of a process must be gone when it dies.
        defer { if gateway.disk != nil { scan = nil } }
        if scan?.of !== acceptance {
            scan = (acceptance, ReminderScan(records: gateway.records, acceptance: acceptance))
        }
        // A store that cannot be read is asked again.
        return (try? scan?.scan.pass(gateway.directory, now: gateway.clock.now)) ?? []
    }

    // MARK: what came of it

    /// A message about a warranty: which one, its day and lead time, and when it was accepted.
    struct Told: Hashable {
        var warranty: String
        var day: String
        var lead: String
    }

    /// Every message about a warranty, in order.
    func told() throws -> [(told: Told, at: Timestamp)] {
        try gateway.records.messages(before: nil, limit: .max).reversed().compactMap { message in
            let envelope = try JobCodec.envelope(message.body)
            guard let warranty = envelope.labels["warranty"], let lead = envelope.labels["lead_time"],
                let day = envelope.variables["warranty_end"]?.string
            else { return nil }
            return (Told(warranty: warranty, day: day, lead: lead), message.created)
        }
    }

    /// What is wrong between messages and the register: one message for each reminder that was made, and no other.
    func faults(_ ids: [String]) throws -> [String] {
        let told = try told().map(\.told)
        var faults: [String] = []
        for (told, count) in Dictionary(told.map { ($0, 1) }, uniquingKeysWith: +) where count > 1 {
            faults.append("\(told) came \(count) times")
        }
        let made = try ids.flatMap { id in
            try gateway.records.reminders(ofWarranty: id).filter { $0.message != nil }.map {
                Told(warranty: id, day: WarrantyRecord.text(ofDay: $0.expires), lead: "\($0.lead)d")
            }
        }
        if Set(made) != Set(told) { faults.append("made \(made.count), told \(told.count)") }
        return faults
    }

    /// When the wall clock of a zone shows nine on a day.
    static func nine(_ day: String, in zone: String = zone) throws -> Timestamp {
        let date = CivilDate(daysSinceEpoch: try #require(WarrantyRecord.day(of: day)))
        let nine = try #require(LocalTime(date: date, hour: 9, minute: 0))
        return Timestamp(milliseconds: try Zone(named: zone).instant(of: nine) * 1_000)
    }
}
