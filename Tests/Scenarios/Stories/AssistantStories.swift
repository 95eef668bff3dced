import JSON
import Testing

@testable import Gateway

@Suite("Stories of assisted replies")
struct AssistantStories {
    private static let owner = StoryConfiguration.owner
    private static let stranger = "+447700900143"
    private static let sender = StoryConfiguration.sender

    private func gateway(
        _ assist: String = "{ assist: { with: model, mode: send, otherwise: later } }", limit: String = "",
        hook: @escaping (ProviderRequest) -> ProviderAnswer?
    ) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.templates = "  later: { text: { en: \"We will write to you.\" } }"
        story.sections = """
            assistants:
              model:
                {
                  api: anthropic, url: "https://hooks.example/v1/messages", key: a key of the stories, model: m-1,
                  instructions: "Be brief.", max_tokens: 100, within: 1m, \(limit)input: 1000 USD, output: 1000 USD,
                }
            """
        story.rules =
            "    - { name: no cards, when: { text: { contains: card_number } }, reject: \"never sent\" }"
        story.inbound = """
                - { name: calls, when: { channel: voice }, do: [{ menu: main }] }
                - { name: rest, do: [\(assist)] }
            """
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        gateway.hook = hook
        var ann = ContactRecord(id: "ann", name: "Ann")
        ann.locale = "en"
        ann.addresses = [ContactAddress(kind: "phone", value: Self.owner, verified: true)]
        try gateway.store.put(ann)
        for (id, people) in [("aurora", ["ann"]), ("boreas", ["ben"])] {
            var boat = BoatRecord(id: id, name: id)
            boat.contacts = people.map { BoatContact(contact: $0, role: "owner") }
            try gateway.store.put(boat)
            var document = DocumentRecord(id: id, boat: id, type: "warranty", title: "Engine of \(id)", at: gateway.now)
            document.text = "The engine of \(id) is covered until 2027."
            try gateway.store.put(document)
        }
        return gateway
    }

    private static func says(_ text: String, input: Int = 100, output: Int = 10) -> ProviderAnswer {
        let body: JSONValue = [
            "content": [["type": "text", "text": .string(text)]],
            "usage": ["input_tokens": .int(input), "output_tokens": .int(output)],
        ]
        return .answered(status: 200, headers: [], body: body.bytes())
    }

    private func write(_ text: String, _ gateway: VirtualGateway, from number: String = owner) throws {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(10))
    }

    private func texts(to number: String, _ gateway: VirtualGateway) throws -> [String?] {
        try gateway.texts("sms", to: number).map { $0.form["Body"] }
    }

    @Test("a draft waits for a person, with the conversation and the documents of the person's own boats")
    func draft() throws {
        let gateway = try gateway("{ assist: { with: model } }") { _ in Self.says("Until 2027.") }
        try write("hello", gateway)
        try write("is the engine covered?", gateway)
        let review = try #require(try gateway.reviewsOfAll().last)
        #expect(review.reason == "draft" && review.draft == "Until 2027." && review.isOpen)
        #expect(try gateway.texts("sms").isEmpty, "nothing goes out unseen")
        let request = try #require(gateway.hooked.last?.request)
        #expect(request.headers.contains(ProviderField("x-api-key", "a key of the stories")))
        let body = try JSONValue(parsing: request.body)
        #expect(body["messages"] == [["role": "user", "content": "hello\nis the engine covered?"]])
        let system = body["system"]?.string ?? ""
        #expect(system.contains("The engine of aurora is covered until 2027."))
        #expect(!system.contains("boreas"), "another boat's documents are never told")
    }

    @Test("a stranger's question comes with what was said before, and with no document")
    func stranger() throws {
        let gateway = try gateway { _ in Self.says("Please call us.") }
        _ = try gateway.send(["to": .string(Self.stranger), "text": "Your berth is free."])
        gateway.run(for: .seconds(10))
        try write("which one?", gateway, from: Self.stranger)
        let body = try JSONValue(parsing: try #require(gateway.hooked.last?.request.body))
        #expect(body["system"] == "Be brief.")
        #expect(body["messages"] == [["role": "user", "content": "which one?"]], "the person begins")
        #expect(try texts(to: Self.stranger, gateway) == ["Your berth is free.", "Please call us."])
        try write("thank you", gateway, from: Self.stranger)
        let last = try JSONValue(parsing: try #require(gateway.hooked.last?.request.body))
        #expect(last["messages"]?.array?.map { $0["content"] } == ["which one?", "Please call us.", "thank you"])
    }

    @Test("what a rule refuses is never sent, but shown to a person")
    func refused() throws {
        let gateway = try gateway { _ in Self.says("Pay with 4111 1111 1111 1111") }
        try write("how do I pay?", gateway)
        #expect(try gateway.texts("sms").isEmpty)
        let review = try #require(try gateway.reviewsOfAll().first)
        #expect(review.reason == "draft_refused" && review.draft?.hasPrefix("Pay with") == true)
    }

    @Test(
        "without an answer the fallback goes out, or a person is asked",
        arguments: [("otherwise: later", true), ("history: 0", false)])
    func fallback(_ key: String, _ isSent: Bool) throws {
        let gateway = try gateway("{ assist: { with: model, mode: send, \(key) } }") { _ in
            .answered(status: 200, headers: [], body: Array("{}".utf8))
        }
        try write("hello", gateway)
        #expect(try texts(to: Self.owner, gateway) == (isSent ? ["We will write to you."] : []))
        #expect(try gateway.reviewsOfAll().map(\.reason) == (isSent ? [] : ["assistant_failed"]))
    }

    @Test("a day's limit is kept by what may be spent, and freed by what was")
    func limit() throws {
        // Some 200 bytes and 100 tokens at a thousandth each are 0.3 at most, and 0.11 in the end.
        let gateway = try gateway(limit: "per_day: 0.60 USD, ") { _ in Self.says("Yes.", input: 100, output: 10) }
        for number in 0..<6 {
            try write("question \(number)", gateway)
            gateway.run(for: .seconds(3_600))
        }
        let asked = gateway.hooked.count
        #expect((2..<6).contains(asked), "\(asked)")
        let spent = try gateway.records.costs(from: 0, through: 99_999).filter { $0.kind == "assistant" }
        #expect(spent.map(\.policy) == ["assistant:model"])
        #expect(spent.first?.spent == Int64(asked) * 110_000)
        #expect(spent.first?.settled == asked)
        #expect(try texts(to: Self.owner, gateway).last == "We will write to you.")
        let inbound = try #require(try gateway.records.inbound(before: nil, limit: 1).first)
        #expect(try JSONValue(parsing: inbound.body)["failed"] == [["action": "assist", "code": "budget"]])
        gateway.run(for: .seconds(86_400))
        try write("tomorrow", gateway)
        #expect(gateway.hooked.count == asked + 1)
    }

    @Test("a kill before the answer asks again, and answers once")
    func killed() throws {
        let gateway = try gateway { _ in Self.says("Yes.") }
        gateway.hookPause = .seconds(20)
        try write("hello", gateway)
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(120))
        #expect(gateway.hooked.count == 2)
        #expect(try texts(to: Self.owner, gateway) == ["Yes."])
    }
}
