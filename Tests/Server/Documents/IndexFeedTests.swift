import Gateway
import Testing

@Suite("feeding an index outside")
struct IndexFeedTests {
    private let folder = TestFolder()

    private func world(_ count: Int = 150) throws -> IndexWorld {
        let world = try IndexWorld(folder)
        for number in 0..<count { try world.put("d.\(number)", "aurora", "manual", "Engine \(number)") }
        try world.records.aimIndex(at: world.settings.target, again: false)
        return world
    }

    private var all: [String] { (0..<150).map { "d.\($0)" }.sorted() }

    @Test("a full store is told whole, in batches, and then nothing is asked any more")
    func first() throws {
        let world = try world()
        try world.run()
        #expect(world.server.ids() == all)
        #expect(try world.records.indexState()?.isComplete == true)
        #expect(world.outcomes.first == .prepared)
        let requests = world.server.requests
        #expect(requests.prefix(1) == ["POST /indexes"])
        #expect(requests.count { $0 == "POST /indexes/documents/documents?primaryKey=key" } == 3)
        try world.run()
        #expect(world.server.requests == requests)
    }

    @Test("changes and removals follow")
    func changes() throws {
        let world = try world()
        try world.run()
        #expect(try world.records.removeDocument("d.7"))
        try world.put("d.8", "aurora", "manual", "Windlass")
        try world.put("new", "aurora", "manual", "Mast")
        try world.run()
        #expect(world.server.ids() == (all.filter { $0 != "d.7" } + ["new"]).sorted())
        #expect(try world.find(DocumentQuery(.all, words: ["windlass"], limit: 9)).documents.map(\.id) == ["d.8"])
    }

    @Test("a kill before or after any answer loses nothing and repeats at most")
    func kills() throws {
        let steps = try {
            let world = try world(20)
            try world.run()
            return world.server.requests.count
        }()
        for place in 0..<steps {
            for isKept in [false, true] {
                let world = try IndexWorld(TestFolder())
                for number in 0..<20 { try world.put("d.\(number)", "aurora", "manual", "Engine") }
                try world.records.aimIndex(at: world.settings.target, again: false)
                for _ in 0..<place { _ = try world.step() }
                _ = try world.step(isKept: isKept)
                world.restart()
                #expect(try world.records.removeDocument("d.3"))
                try world.run()
                #expect(world.server.ids() == (0..<20).map { "d.\($0)" }.filter { $0 != "d.3" }.sorted(), "\(place)")
                #expect(try world.records.indexState()?.isComplete == true)
            }
        }
    }

    @Test("an answer that is lost is asked for again")
    func lost() throws {
        for place in 0..<14 {
            let world = try IndexWorld(TestFolder())
            for number in 0..<20 { try world.put("d.\(number)", "aurora", "manual", "Engine") }
            try world.records.aimIndex(at: world.settings.target, again: false)
            for _ in 0..<place { _ = try world.step() }
            _ = try world.step(isLost: true)
            try world.run()
            #expect(world.server.ids().count == 20, "\(place)")
        }
    }

    @Test("a server that is away for an hour is asked some twenty times, and then has everything")
    func away() throws {
        let world = try world()
        world.server.set(down: true)
        let start = world.now
        while world.now < start + .seconds(3_600) {
            _ = try world.step()
            if world.now == start + .seconds(10) { try world.put("x", "aurora", "manual", "Mast") }
        }
        #expect((15...30).contains(world.server.requests.count))
        #expect(world.feed.awaySince == start)
        #expect(try world.records.indexCounts().waiting == 150)
        world.server.set(down: false)
        try world.run()
        #expect(world.feed.awaySince == nil)
        #expect(world.server.ids() == all)
    }

    @Test("a document that is refused stands aside, and the others are there", arguments: [false, true])
    func refused(_ isTooLarge: Bool) throws {
        let world = try world()
        world.server.refuse("d.70")
        if isTooLarge { world.server.take(atMost: 5) }
        try world.run()
        #expect(world.server.ids() == all.filter { $0 != "d.70" })
        #expect(try world.records.refusedIndexChanges(limit: 9).map(\.id) == ["d.70"])
        let refusals = world.outcomes.count { if case .refused = $0 { true } else { false } }
        #expect(refusals == 1)
    }

    @Test("a server that has forgotten its tasks is told again")
    func forgotten() throws {
        let world = try world(20)
        for _ in 0..<4 { _ = try world.step() }
        world.server.lose()
        try world.run()
        #expect(world.server.ids().count == 20)
    }

    @Test("a task that the server gives up is asked for again", arguments: 1...6)
    func failed(_ count: Int) throws {
        let world = try world(20)
        world.server.fail(count)
        try world.run()
        #expect(world.server.ids().count == 20)
        #expect(world.outcomes.count { $0 == .away(code: "no_space_left_on_device") } == count)
        #expect(try world.records.refusedIndexChanges(limit: 9).isEmpty)
    }

    @Test("a removal that a server without the index is told of fills it again")
    func lostIndex() throws {
        let world = try world(20)
        try world.run()
        world.server.lose()
        #expect(try world.records.removeDocument("d.3"))
        try world.run()
        #expect(world.server.ids().count == 19)
        #expect(world.outcomes.contains(.lost))
        #expect(try world.records.refusedIndexChanges(limit: 9).isEmpty)
    }

    @Test("a wrong key is no refusal of documents")
    func key() throws {
        let world = try world(3)
        var settings = world.settings
        settings.key = "wrong"
        world.feed = IndexFeed(settings)
        for _ in 0..<5 { _ = try world.step() }
        #expect(Set(world.outcomes) == [.away(code: "invalid_api_key")])
        #expect(try world.records.indexCounts().waiting == 3)
    }
}
