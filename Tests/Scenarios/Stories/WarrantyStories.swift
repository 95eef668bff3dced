import Crypto
import Gateway
import SimulatedDisk
import Testing
import Zones

@testable import Server

@Suite("Stories of warranties")
struct WarrantyStories {
    private func leads(_ world: WarrantyWorld) throws -> [String] { try world.told().map(\.told.lead) }

    @Test("each lead time is reminded of once, at nine on the owner's clocks, in winter and in summer")
    func once() throws {
        let world = try WarrantyWorld()
        try world.put("w", "2027-05-10")
        try world.run(until: "2027-07-01")
        let told = try world.told()
        #expect(told.map(\.told.lead) == ["90d", "30d", "7d"])
        for (message, day) in zip(told, ["2027-02-09", "2027-04-10", "2027-05-03"]) {
            let nine = try WarrantyWorld.nine(day)
            #expect(message.at >= nine && message.at <= nine + world.pause + .seconds(10))
        }
        #expect(try world.gateway.texts("sms").count == 3)
        #expect(try world.gateway.records.warranty("w")?.look == nil)
        #expect(try world.faults(["w"]).isEmpty)
    }

    @Test("the process may die at every moment of every turn", arguments: VirtualGateway.Death.allCases)
    func kills(_ moment: VirtualGateway.Death) throws {
        func run(_ turn: Int?) throws -> WarrantyWorld {
            let world = try WarrantyWorld(begins: "2027-04-01T12:00:00Z", leadTimes: "[9d, 6d, 2d]")
            try world.put("w", "2027-04-20")
            if let turn { world.gateway.crash(moment, inTurn: turn) }
            try world.run(until: "2027-04-25")
            return world
        }
        let commits = try run(nil).gateway.store.commits
        #expect(commits > 15)
        for turn in 1...commits {
            let world = try run(turn)
            #expect(try leads(world) == ["9d", "6d", "2d"], "\(moment) in turn \(turn)")
            #expect(try world.faults(["w"]).isEmpty, "\(moment) in turn \(turn)")
        }
    }

    @Test("of lead times that were missed the last is reminded of, and nothing after the last day")
    func outage() throws {
        let world = try WarrantyWorld()
        try world.put("a", "2027-05-10")
        try world.put("b", "2027-02-20")
        world.isUp = false
        world.gateway.crash()
        try world.run(until: "2027-04-20")
        world.isUp = true
        try world.run(until: "2027-06-01")
        #expect(try world.told().map { $0.told.warranty + " " + $0.told.lead } == ["a 30d", "a 7d"])
        #expect(
            try world.gateway.records.reminders(ofWarranty: "a").map(\.outcome) == ["passed", "reminded", "reminded"])
        #expect(try world.gateway.records.reminders(ofWarranty: "b").map(\.outcome) == ["passed", "passed"])
    }

    @Test("another day arms the lead times that lie ahead; the same day, a new import and a deletion repeat nothing")
    func edits() throws {
        let world = try WarrantyWorld()
        try world.put("w", "2027-05-10")
        try world.run(until: "2027-04-20")
        #expect(try leads(world) == ["90d", "30d"])
        try world.put("w", "2027-05-10")
        world.remove("w")
        try world.put("w", "2027-05-10")
        try world.run(until: "2027-04-25")
        #expect(try leads(world) == ["90d", "30d"])
        // Thirty days before is past on 25 April, ninety too.
        try world.put("w", "2027-05-20")
        try world.run(until: "2027-05-11")
        #expect(try leads(world) == ["90d", "30d"])
        try world.run(until: "2027-05-15")
        #expect(try leads(world) == ["90d", "30d", "7d"])
        try world.put("w", "2027-12-31")
        try world.run(until: "2028-01-10")
        #expect(try leads(world) == ["90d", "30d", "7d", "90d", "30d", "7d"])
        #expect(try world.faults(["w"]).isEmpty)
    }

    @Test("an owner who moves is reminded by the clocks of the new place")
    func moves() throws {
        let world = try WarrantyWorld(leadTimes: "[10d]")
        try world.put("w", "2027-05-10")
        try world.run(until: "2027-04-20")
        try world.move(owner: "Pacific/Kiritimati")
        try world.run(until: "2027-05-10")
        let first = try #require(try world.told().first)
        let nine = try WarrantyWorld.nine("2027-04-30", in: "Pacific/Kiritimati")
        #expect(first.at >= nine && first.at <= nine + world.pause + .seconds(10))
    }

    @Test("what cannot be accepted is kept with its problem, and the next lead time is another try")
    func problems() throws {
        let world = try WarrantyWorld()
        try world.put("w", "2027-05-10", boat: "stella")
        try world.run(until: "2027-04-20")
        #expect(
            try world.gateway.records.reminders(ofWarranty: "w").map(\.outcome) == ["unknown_boat", "unknown_boat"])
        var boat = BoatRecord(id: "stella", name: "Stella")
        boat.contacts = [BoatContact(contact: "ana", role: "owner")]
        try world.gateway.records.put(boat)
        try world.run(until: "2027-05-10")
        #expect(try leads(world) == ["7d"])
    }

    @Test("other lead times in the configuration count for warranties that are there")
    func reload() throws {
        let world = try WarrantyWorld(leadTimes: "[90d]")
        for number in 0..<250 { try world.put("w\(number)", "2027-05-10") }
        try world.run(until: "2027-03-01")
        #expect(try world.told().count == 250)
        // Eighty days before was in February: nobody is written to because of a new line in a file.
        let story = WarrantyWorld.story(begins: "2026-11-23T12:00:00Z", leadTimes: "[90d, 80d, 14d]")
        try world.gateway.reload(story)
        try world.run(until: "2027-05-10")
        #expect(try leads(world).count { $0 == "14d" } == 250)
        #expect(try world.told().count == 500)
        #expect(
            try world.gateway.records.reminders(ofWarranty: "w7").map(\.outcome) == ["reminded", "passed", "reminded"])
        #expect(try world.faults((0..<250).map { "w\($0)" }).isEmpty)
    }

    // MARK: chance

    @Test(
        "no edit, restart or set clock brings a reminder twice, and none is missing while all is well", arguments: 1...6
    )
    func chance(_ seed: UInt64) throws {
        let world = try WarrantyWorld(seed: seed)
        var random = SeededRandom(seed: seed)
        let ids = ["a", "b", "c", "d"]
        var start = try #require(WarrantyRecord.day(of: "2026-11-23"))
        for _ in 0..<40 {
            try trouble(world, &random, ids, today: start)
            start += 1 + Int(random.next() % 25)
            try world.run(until: WarrantyRecord.text(ofDay: start))
        }
        #expect(try world.faults(ids).isEmpty)
        try peace(world, start)
    }

    private func trouble(
        _ world: WarrantyWorld, _ random: inout SeededRandom, _ ids: [String], today: Int
    ) throws {
        let gateway = world.gateway
        let id = ids[Int(random.next() % 4)]
        switch random.next() % 8 {
        // A few days, some of them again and again.
        case 0...3: try world.put(id, (today + Int(random.next() % 150)) / 20 * 20)
        case 4: world.remove(id)
        case 5: gateway.crash(VirtualGateway.Death.allCases[Int(random.next() % 3)], inTurn: 1 + Int(random.next() % 4))
        case 6:
            let days = Int64(random.next() % 80) - 40
            gateway.setClock(ahead: .seconds(days * 86_400))
            try world.look()
            gateway.setClock(ahead: .zero)
        default: gateway.store.failNextCommit(with: StoreError(.busy, "planned"))
        }
    }

    /// From here on all is well: every lead time of a new warranty comes once.
    private func peace(_ world: WarrantyWorld, _ today: Int) throws {
        let before = try world.told().count
        for id in ["a", "b", "c", "d"] { world.remove(id) }
        try world.put("z", today + 100)
        try world.run(until: WarrantyRecord.text(ofDay: today + 110))
        #expect(try world.told().dropFirst(before).map(\.told.lead) == ["90d", "30d", "7d"])
    }

    @Test("a loss of power at any write repeats and loses nothing", arguments: 1...8)
    func disk(_ seed: UInt64) throws {
        let disk = try StoryDisk(seed: seed)
        let world = try WarrantyWorld(
            seed: seed, begins: "2027-04-01T12:00:00Z", leadTimes: "[9d, 6d, 2d]", disk: disk)
        try world.put("w", "2027-04-20")
        var random = SeededRandom(seed: seed)
        for day in 2...25 {
            disk.end = random.next() % 2 == 0 ? .powerLost : .killed
            if random.next() % 2 == 0 { disk.disk.stop(atChange: 1 + Int(random.next() % 40)) }
            try world.run(until: "2027-04-" + (day < 10 ? "0" : "") + String(day))
            disk.disk.heal()
        }
        try world.run(until: "2027-04-26")
        #expect(disk.violations.isEmpty, "\(disk.violations)")
        #expect(try leads(world) == ["9d", "6d", "2d"])
        #expect(try world.faults(["w"]).isEmpty)
    }
}
