import Crypto
import JSON
import Testing

@testable import Gateway

@Suite("Stories of subscribers")
struct SubscriptionStories {
    private func world(_ phone: JSONValue = ["sms": ["deliver": "1s"]]) throws -> SubscriberWorld {
        var story = StoryConfiguration(
            "  first: { success: delivered, expires: 2h, fallback: [{ channel: sms, template: alert }] }")
        story.phones = ["default": phone]
        return SubscriberWorld(try VirtualGateway(story))
    }

    private static func answer(_ status: Int, _ fields: [ProviderField] = []) -> ProviderAnswer {
        .answered(status: status, headers: fields, body: [])
    }

    private func ids(_ world: SubscriberWorld, _ types: [String] = []) throws -> [String] {
        try world.gateway.events(types).map(\.position.id)
    }

    @Test(
        "a receiver that is down for a day gets every event once, in order, after it returns",
        arguments: [ProviderAnswer.notSent(.connect), .broken(.timeout), answer(503), answer(500), answer(429)])
    func day(_ away: ProviderAnswer) throws {
        let world = try world()
        try world.subscribe()
        _ = try world.gateway.send(LaneStories.alert(0))
        world.run(for: .seconds(60))
        let before = world.taken
        #expect(try before == ids(world) && before.count == 5)
        world.receiver = { _ in away }
        for hour in 1...24 {
            _ = try world.gateway.send(LaneStories.alert(hour))
            world.run(for: .seconds(3_600))
        }
        #expect(world.taken == before)
        // It is looked for about once an hour, and not more often.
        #expect((20...60).contains(world.received.count - before.count))
        world.receiver = { _ in Self.answer(200) }
        world.run(for: .seconds(3_700))
        #expect(try world.taken == ids(world))
        #expect(world.taken.count == 125 && Set(world.taken).count == 125)
        let subjects = Dictionary(grouping: world.received.filter(\.isTaken)) { $0.event["subject"]?.string }
        for events in subjects.values {
            let sequences = events.compactMap { $0.event["sequence"]?.string }
            #expect(sequences == sequences.sorted())
        }
    }

    @Test("requests are signed as Standard Webhooks says, with one id and body over all tries")
    func signed() throws {
        let world = try world()
        let id = try world.subscribe(types: ["message.delivered"])
        _ = try world.gateway.send(LaneStories.alert(1))
        world.receiver = { _ in Self.answer(500) }
        world.run(for: .seconds(300))
        world.receiver = { _ in Self.answer(200) }
        world.run(for: .seconds(3_600))
        #expect(world.received.count > 3)
        #expect(Set(world.received.map(\.request.body)).count == 1)
        #expect(Set(world.received.map { $0.field("webhook-id") }).count == 1)
        for received in world.received {
            let seconds = String(received.time.milliseconds / 1_000)
            #expect(received.field("webhook-timestamp") == seconds)
            let signed = "\(received.field("webhook-id") ?? "").\(seconds)."
            let code = HMACKey(.sha256, key: SubscriberWorld.secret).code(
                Array(signed.utf8) + received.request.body)
            #expect(received.field("webhook-signature") == "v1," + Base64.encode(code))
            #expect(received.field("content-type") == "application/cloudevents+json")
            #expect(received.event["id"]?.string == received.field("webhook-id"))
        }
        let progress = try #require(world.progress(id))
        #expect(progress.told == 1 && progress.failures == 0 && progress.awaySince == nil)
    }

    @Test("an event that is refused three times becomes a dead letter, and those behind it follow")
    func refused() throws {
        let world = try world()
        let id = try world.subscribe()
        world.receiver = { request in
            let isDelivered = String(decoding: request.body, as: UTF8.self).contains("message.delivered")
            return Self.answer(isDelivered ? 422 : 200)
        }
        _ = try world.gateway.send(LaneStories.alert(1))
        world.run(for: .seconds(60))
        let refused = world.received.filter { !$0.isTaken }
        #expect(refused.count == 3)
        let pauses = zip(refused, refused.dropFirst()).map { ($1.time - $0.time).milliseconds }
        #expect((2_500...15_010).contains(pauses[0]) && (5_000...20_010).contains(pauses[1]))
        #expect(world.taken.count == 4)
        try world.save()
        let letter = try #require(try world.gateway.records.deadLetters(of: id, after: .start, limit: 9).first)
        #expect(letter.type == "message.delivered" && letter.status == 422 && letter.tries == 3)
        #expect(letter.position.id == refused[0].event["id"]?.string)

        // Sent again, it is refused once more, then taken.
        try world.replay(id)
        world.run(for: .seconds(20))
        try world.save()
        #expect(try world.gateway.records.deadLetters(of: id, after: .start, limit: 9).map(\.tries) == [4])
        world.receiver = { _ in Self.answer(200) }
        try world.replay(id)
        world.run(for: .seconds(20))
        try world.save()
        #expect(try world.gateway.records.deadLetters(of: id, after: .start, limit: 9).isEmpty)
        #expect(world.taken.last == letter.position.id)
        #expect(Set(world.taken) == Set(try ids(world)))
    }

    @Test("410 ends a subscription, until everything is asked for again; a redirect is refused and not followed")
    func gone() throws {
        let world = try world()
        let id = try world.subscribe()
        world.receiver = { _ in Self.answer(410) }
        _ = try world.gateway.send(LaneStories.alert(1))
        world.run(for: .seconds(7_200))
        #expect(world.received.count == 1)
        #expect(world.progress(id)?.gone != nil)
        try world.restart()
        world.run(for: .seconds(60))
        #expect(world.received.count == 1)
        world.receiver = { _ in Self.answer(302, [ProviderField("Location", "https://elsewhere.test/")]) }
        world.replay(id, after: .start)
        world.run(for: .seconds(3_600))
        #expect(Set(world.received.map(\.request.url)) == ["https://hooks.test/a"])
        try world.save()
        #expect(try world.gateway.records.deadLetters(of: id, after: .start, limit: 9).count == 5)
    }

    @Test("after a restart it goes on where it was saved; what is behind a cursor can be had again, with the same ids")
    func again() throws {
        let world = try world()
        let id = try world.subscribe(types: ["message.*"])
        _ = try world.gateway.send(LaneStories.alert(1))
        world.run(for: .seconds(30))
        let first = world.taken
        try world.restart()
        world.run(for: .seconds(30))
        #expect(world.taken == first)
        _ = try world.gateway.send(LaneStories.alert(2))
        world.run(for: .seconds(30))
        let all = try ids(world, ["message.*"])
        #expect(world.taken == all)
        world.replay(id, after: try #require(EventPosition(first[1])))
        world.run(for: .seconds(30))
        #expect(world.taken == all + all.dropFirst(2))
    }

    @Test("Retry-After is waited for, an hour at most")
    func retryAfter() throws {
        let world = try world()
        try world.subscribe(types: ["message.accepted"])
        world.receiver = { _ in Self.answer(429, [ProviderField("Retry-After", "600")]) }
        _ = try world.gateway.send(LaneStories.alert(1))
        world.run(for: .seconds(1_300))
        let pauses = zip(world.received, world.received.dropFirst()).map { ($1.time - $0.time).milliseconds }
        #expect(pauses.count == 2 && pauses.allSatisfy { (600_000...600_100).contains($0) })
    }

    @Test("events that are too old when their turn comes are passed over and counted")
    func old() throws {
        let world = try world()
        world.age = .seconds(7_200)
        let id = try world.subscribe(types: ["message.accepted"])
        let patient = try world.subscribe("https://hooks.other/b", types: ["message.accepted"]) {
            $0.maxAge = .seconds(90 * 86_400)
        }
        world.receiver = { _ in .notSent(.connect) }
        for hour in 0..<10 {
            _ = try world.gateway.send(LaneStories.alert(hour))
            world.run(for: .seconds(3_600))
        }
        world.receiver = { _ in Self.answer(200) }
        world.run(for: .seconds(3_700))
        let progress = try #require(world.progress(id))
        // Those that were read before the receiver went away are still told.
        #expect(progress.told + progress.passedOver == 10)
        #expect(world.progress(patient)?.told == 10)
    }

    @Test("a clock that is set back by a day, or forth, keeps nobody waiting", arguments: [-86_400, 86_400])
    func clock(seconds: Int) throws {
        let world = try world()
        world.receiver = { _ in Self.answer(503) }
        try world.subscribe()
        _ = try world.gateway.send(LaneStories.alert(1))
        world.run(for: .seconds(60))
        world.shift = .seconds(seconds)
        world.receiver = { _ in Self.answer(200) }
        world.run(for: .seconds(300))
        #expect(try world.taken == ids(world))
        #expect(world.taken.count == 5)
    }

    @Test("one receiver that hangs or refuses holds up no other, and each gets what it wants")
    func several() throws {
        let world = try world()
        world.receiver = { $0.url.contains("other") ? .broken(.timeout) : Self.answer(200) }
        try world.subscribe("https://hooks.other/b")
        let id = try world.subscribe("https://hooks.test/a", types: ["message.sent", "twilio.sms.*"])
        for index in 0..<5 { _ = try world.gateway.send(LaneStories.alert(index)) }
        world.run(for: .seconds(60))
        #expect(try world.taken == ids(world, ["twilio.sms.status"]))
        #expect(world.progress(id)?.told == 10)
        world.remove(id)
        _ = try world.gateway.send(LaneStories.alert(9))
        world.run(for: .seconds(60))
        #expect(world.taken.count == 10)
    }
}
