import Crypto
import JSON
import Testing

@testable import Gateway

/// What rules do about what came in beside answering it.
@Suite("Stories of inbound actions")
struct InboundActionStories {
    private static let owner = StoryConfiguration.owner
    private static let colleague = "+447700900143"
    private static let sender = StoryConfiguration.sender
    private static let hook = "http://hooks.example/answers"

    private func gateway(
        _ actions: String, disk: StoryDisk? = nil,
        calls: String = "- { name: calls, when: { channel: voice }, do: [{ menu: main }] }",
        hook: ((ProviderRequest) -> ProviderAnswer?)? = nil
    ) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.templates = """
              fwd: { text: { en: "{{ from }} over {{ channel }} says: {{ text }}" } }
              quote: { text: { en: "That is {{ answer.price }} for {{ text }}." } }
              plain: { text: { en: "Answer: {{ answer }}" } }
              later: { text: { en: "We will write to you." } }
              ask: { text: { en: "q={{ text }}" } }
              hello: { text: { en: "Hello" } }
            """
        story.inbound = """
                \(calls)
                - name: rest
                  do: \(actions)
            """
        story.phones = ["default": ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story, disk: disk)
        gateway.hook = hook
        return gateway
    }

    private func write(_ text: String, _ gateway: VirtualGateway, from number: String = owner) throws {
        try gateway.control("POST", "phones/\(number)/text", ["to": .string(Self.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    private func filed(_ gateway: VirtualGateway) throws -> JSONValue {
        let inbound = try #require(try gateway.records.inbound(before: nil, limit: 1).first)
        return try JSONValue(parsing: inbound.body)
    }

    private func texts(to number: String, _ gateway: VirtualGateway) throws -> [String?] {
        try gateway.texts("sms", to: number).map { $0.form["Body"] }
    }

    private static func answer(_ body: String, status: Int = 200) -> ProviderAnswer {
        .answered(status: status, headers: [], body: Array(body.utf8))
    }

    // MARK: order, conditions, tags

    @Test("actions are done in their order, each where its conditions hold")
    func conditions() throws {
        let gateway = try gateway(
            """
            [{ tag: bilge, when: { text: "*bilge*" } }, { tag: [a, bilge] }, { reply: hello, when: { contact: known } },
                 { forward: { to: "\(Self.colleague)" }, when: { text: "*bilge*" } }]
            """)
        try write("bilge is high", gateway)
        #expect(try filed(gateway)["tags"] == ["bilge", "a"])
        #expect(try filed(gateway)["replies"] == nil, "the sender is unknown")
        #expect(try texts(to: Self.colleague, gateway) == ["\(Self.owner): bilge is high"])
        try write("all is well", gateway)
        #expect(try filed(gateway)["tags"] == ["a", "bilge"])
        #expect(try filed(gateway)["forwarded"] == nil)
        #expect(try texts(to: Self.colleague, gateway).count == 1)
    }

    @Test("a text can end consent without STOP")
    func optOut() throws {
        let gateway = try gateway("[{ opt_out: sender, when: { text: \"*no more*\" } }]")
        try write("please no more of this", gateway)
        let id = try gateway.send(["to": .string(Self.owner), "text": "news"])
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(id) == .suppressed, gateway.told(id))
        try write("START", gateway)
        let again = try gateway.send(["to": .string(Self.owner), "text": "news"])
        gateway.run(for: .seconds(60))
        #expect(try gateway.phase(again) == .satisfied, gateway.told(again))
    }

    // MARK: forward

    @Test("what goes on is a message of its own, to all who are meant, never to whoever wrote")
    func forward() throws {
        let gateway = try gateway(
            "[{ forward: { to: \"contact:ann\", template: fwd, policy: \"first\", priority: high } }]")
        var ann = ContactRecord(id: "ann", name: "Ann")
        ann.addresses = [ContactAddress(kind: "phone", value: Self.colleague, verified: true)]
        try gateway.store.put(ann)
        try write("the pump runs", gateway)
        #expect(try texts(to: Self.colleague, gateway) == ["\(Self.owner) over sms says: the pump runs"])
        let id = try #require(try filed(gateway)["forwarded"]?.array?.first?.string)
        let message = try #require(RecordID(id, .message))
        #expect(try gateway.phase(message) == .satisfied)
        try write("and back", gateway, from: Self.colleague)
        #expect(try filed(gateway)["failed"] == [["action": "forward", "code": "nobody"]])
        #expect(try gateway.texts("sms").count == 1)
        let errors = try gateway.records.errors(ErrorQuery(), before: nil, limit: 9)
        #expect(errors.map(\.code) == ["inbound_action_failed"])
    }

    @Test("two machines that answer each other stop")
    func loop() throws {
        let gateway = try gateway("[{ forward: { to: \"\(Self.colleague)\" } }]")
        for number in 0..<40 { try write("again \(number)", gateway) }
        #expect(try texts(to: Self.colleague, gateway).count == 30)
        #expect(try filed(gateway)["failed"] == [["action": "forward", "code": "too_many"]])
        gateway.run(for: .seconds(3_600))
        try write("an hour later", gateway)
        #expect(try texts(to: Self.colleague, gateway).count == 31)
    }

    @Test("what cannot be forwarded is filed all the same, and what is refused is not sent")
    func failures() throws {
        let gateway = try gateway(
            "[{ forward: { to: \"contact:nobody\" } }, { forward: { to: \"\(Self.colleague)\", template: quote } }, { tag: kept }]"
        )
        try write("hello", gateway)
        #expect(
            try filed(gateway)["failed"] == [
                ["action": "forward", "code": "nobody"], ["action": "forward", "code": "content"],
            ])
        #expect(try filed(gateway)["tags"] == ["kept"])
        #expect(try gateway.texts("sms").isEmpty)
    }

    @Test("a repeated webhook sends nothing on a second time")
    func repeated() throws {
        let gateway = try gateway("[{ forward: { to: \"\(Self.colleague)\" } }]")
        try write("once", gateway)
        let webhook = try #require(
            gateway.received.first { String(decoding: $0.request.body, as: UTF8.self).contains("Body=once") })
        _ = gateway.repeatWebhook(webhook.request)
        gateway.run(for: .seconds(5))
        #expect(try texts(to: Self.colleague, gateway).count == 1)
    }

    // MARK: http

    @Test("another system's answer is the answer, over the channel that was written to")
    func http() throws {
        let gateway = try gateway(
            "[{ http: { url: \"\(Self.hook)\", secret: topsecret, reply: quote, otherwise: later } }]"
        ) { _ in Self.answer(#"{"price": 120}"#) }
        try write("a week in July", gateway)
        gateway.run(for: .seconds(5))
        #expect(try texts(to: Self.owner, gateway) == ["That is 120 for a week in July."])
        let request = try #require(gateway.hooked.first?.request)
        let body = try JSONValue(parsing: request.body)
        #expect(body["from"]?.string == Self.owner && body["text"] == "a week in July" && body["rule"] == "rest")
        let fields = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        let signed = "\(fields["webhook-id"] ?? "").\(fields["webhook-timestamp"] ?? "").".utf8 + request.body
        let code = MessageCode.hmac(.sha256, key: Array("topsecret".utf8), Array(signed))
        #expect(fields["webhook-signature"] == "v1," + Base64.encode(code))
        #expect(fields["Content-Type"] == "application/json")
        #expect(try gateway.reviewsOfAll().isEmpty)
    }

    @Test(
        "a secret is its own bytes, or Base64 behind whsec_", arguments: ["topsecret", "whsec_dG9wc2VjcmV0", "whsec_!"])
    func secrets(_ secret: String) throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", secret: \"\(secret)\" } }]") { _ in
            Self.answer("")
        }
        try write("hello", gateway)
        let request = try #require(gateway.hooked.first?.request)
        let fields = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        let signed = "\(fields["webhook-id"] ?? "").\(fields["webhook-timestamp"] ?? "").".utf8 + request.body
        let key = secret == "whsec_!" ? secret : "topsecret"
        let code = MessageCode.hmac(.sha256, key: Array(key.utf8), Array(signed))
        #expect(fields["webhook-signature"] == "v1," + Base64.encode(code))
    }

    @Test("an answer without end is shown to a person, and not sent as forty messages")
    func endless() throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", reply: plain } }]") { _ in
            Self.answer(String(repeating: "all of it ", count: 6_000))
        }
        try write("hello", gateway)
        gateway.run(for: .seconds(30))
        #expect(try gateway.texts("sms").isEmpty)
        #expect(try gateway.reviewsOfAll().map(\.reason) == ["http_failed"])
    }

    @Test("whoever calls is written to, not called")
    func caller() throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", reply: plain } }]", calls: "") { _ in
            Self.answer("we are open")
        }
        try gateway.control("POST", "phones/\(Self.owner)/call", ["to": .string(Self.sender)])
        gateway.run(for: .seconds(30))
        #expect(gateway.hooked.count == 1)
        #expect(try texts(to: Self.owner, gateway) == ["Answer: we are open"])
        #expect(try gateway.calls().isEmpty)
    }

    @Test("the body can be a template, and the answer a text")
    func text() throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", body: ask, reply: plain } }]") { request in
            Self.answer("you said " + String(decoding: request.body, as: UTF8.self))
        }
        try write("yes", gateway)
        gateway.run(for: .seconds(5))
        #expect(try texts(to: Self.owner, gateway) == ["Answer: you said q=yes"])
        #expect(gateway.hooked.first?.request.headers.contains { $0.value.hasPrefix("text/plain") } == true)
        #expect(gateway.hooked.first?.request.headers.contains { $0.name == "webhook-signature" } == false)
    }

    @Test("a system that comes back in time is asked again; one that does not is given up")
    func tries() throws {
        var count = 0
        let gateway = try gateway(
            "[{ http: { url: \"\(Self.hook)\", within: 1m, reply: plain, otherwise: later } }]"
        ) { _ in
            count += 1
            return count < 3 ? Self.answer("", status: 503) : Self.answer("there")
        }
        try write("hello?", gateway)
        gateway.run(for: .seconds(120))
        #expect(try texts(to: Self.owner, gateway) == ["Answer: there"])
        #expect(Set(gateway.hooked.map { $0.request.headers.first { $0.name == "webhook-id" }?.value }).count == 1)

        let dead = try self.gateway("[{ http: { url: \"\(Self.hook)\", reply: plain, otherwise: later } }]")
        try write("hello?", dead)
        dead.run(for: .seconds(120))
        #expect(try texts(to: Self.owner, dead) == ["We will write to you."])
        let codes = try dead.records.errors(ErrorQuery(), before: nil, limit: 9).map(\.code)
        #expect(codes.contains("outgoing_given_up"))
    }

    @Test("where nothing is said of a failure a person is asked")
    func review() throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", reply: quote } }]") { _ in
            Self.answer("no price here")
        }
        try write("hello", gateway)
        gateway.run(for: .seconds(60))
        let review = try #require(try gateway.reviewsOfAll().first)
        #expect(review.reason == "http_failed")
        #expect(review.inbound == (try gateway.records.inbound(before: nil, limit: 1).first?.id))
        #expect(try gateway.texts("sms").isEmpty)
    }

    @Test("a kill between filing and the answer loses no question; the answer goes out once")
    func killed() throws {
        let gateway = try gateway("[{ http: { url: \"\(Self.hook)\", within: 10m, reply: plain } }]") { _ in
            Self.answer("there")
        }
        gateway.hookPause = .seconds(5)
        try write("hello?", gateway)
        #expect(gateway.hooked.count == 1)
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(60))
        #expect(gateway.hooked.count == 2, "asked again under the same id")
        #expect(try texts(to: Self.owner, gateway) == ["Answer: there"])
    }
}
