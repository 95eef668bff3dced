import Gateway
import JSON
import Testing

@testable import Server

@Suite("bodies of subscriptions")
struct SubscriptionReaderTests {
    private func wish(_ body: JSONObject, allowsPrivate: Bool = false) throws(Problem) -> SubscriptionWish {
        try SubscriptionWish(body, allowsPrivate: allowsPrivate)
    }

    @Test("everything that a subscription may say is read")
    func whole() throws {
        let wish = try wish([
            "url": "https://crm.example.com/hook?x=1", "types": ["message.*", "twilio.sms.inbound"],
            "subject": "msg_1", "after": "0000000000000", "max_age": "7d", "all_tenants": true,
        ])
        #expect(wish.url == "https://crm.example.com/hook?x=1")
        #expect(wish.types == ["message.*", "twilio.sms.inbound"])
        #expect(wish.after == .start && wish.maxAge == .seconds(7 * 86_400) && wish.seesAll)
        let plain = try self.wish(["url": "http://hooks.example.com"])
        #expect(plain.types.isEmpty && plain.after == nil && plain.maxAge == nil && !plain.seesAll)
    }

    @Test(
        "private addresses are refused unless they are allowed",
        arguments: [
            "http://127.0.0.1:9000/", "http://localhost/", "https://10.1.2.3/", "http://[::1]/",
            "http://169.254.169.254/", "http://192.168.1.1/", "http://0.0.0.0/", "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/", "http://127.1/",
            "http://a.localhost/", "http://localhost./",
        ])
    func privateAddresses(_ url: String) throws {
        let problem = #expect(throws: Problem.self) { try wish(["url": .string(url)]) }
        #expect(problem?.errors.map(\.pointer) == ["/url"])
        #expect(try wish(["url": .string(url)], allowsPrivate: true).url.hasPrefix("http"))
    }

    @Test("every fault is told with its place")
    func faults() {
        let problem = #expect(throws: Problem.self) {
            try wish([
                "url": "ftp://x", "types": [], "subject": 3, "after": "x", "max_age": "1s", "all_tenants": "yes",
                "secret": "mine",
            ])
        }
        #expect(
            Set(problem?.errors.map(\.pointer) ?? [])
                == ["/url", "/types", "/subject", "/after", "/max_age", "/all_tenants", "/secret"])
        #expect(throws: Problem.self) { try wish(["url": "https://user:secret@example.com/"]) }
        #expect(throws: Problem.self) { try wish([:]) }
    }

    @Test("a replay is everything behind a cursor, some events, or all dead letters")
    func replays() throws {
        guard case .letters(nil) = try ReplayWish([:]) else { throw Problem(500, "", "") }
        guard case .letters(let some?) = try ReplayWish(["events": ["evt_0000000000g00", "0000000000h00"]]) else {
            throw Problem(500, "", "")
        }
        #expect(some.count == 2)
        guard case .after(.start) = try ReplayWish(["after": "0000000000000"]) else { throw Problem(500, "", "") }
        #expect(throws: Problem.self) { try ReplayWish(["after": "0000000000000", "events": ["0000000000h00"]]) }
        #expect(throws: Problem.self) { try ReplayWish(["events": ["x"]]) }
        #expect(throws: Problem.self) { try ReplayWish(["all": true]) }
    }
}
