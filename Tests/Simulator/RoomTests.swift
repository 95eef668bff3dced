import Crypto
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Rooms and access tokens")
struct RoomTests {
    static let hook = "https://app.example/video"

    static func token(
        _ changes: [(String, JSONValue)] = [], header: JSONValue? = nil, secret: String = "secret", now: Int64
    ) -> String {
        var payload: [(String, JSONValue)] = [
            ("jti", "x"), ("iss", .string(SimulatorBench.credentials.keySID)),
            ("sub", .string(SimulatorBench.credentials.accountSID)), ("exp", .integer(now / 1000 + 3600)),
            ("nbf", .integer(now / 1000)), ("grants", ["identity": "ana", "video": ["room": "survey"]]),
        ]
        for (key, value) in changes { payload = payload.map { $0.0 == key ? (key, value) : $0 } }
        let head = header ?? ["typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"]
        let text =
            Base64.encodeURL(head.bytes()) + "." + Base64.encodeURL(JSONValue.object(JSONObject(payload)).bytes())
        return text + "." + Base64.encodeURL(MessageCode.hmac(.sha256, key: Array(secret.utf8), Array(text.utf8)))
    }

    @Test("a room is made, joined with a token, left, and ends when it is empty for long")
    func life() throws {
        let bench = try SimulatorBench()
        let made = bench.send(
            "POST", "/video/v1/Rooms",
            [
                ("UniqueName", "survey"), ("StatusCallback", Self.hook), ("EmptyRoomTimeout", "1"),
                ("MaxParticipants", "1"),
            ])
        #expect(made.status == 201)
        try WireFormatTests.check(made.json, "room")
        let sid = made.json["sid"]?.string ?? ""
        #expect(bench.send("GET", "/video/v1/Rooms/survey").json["sid"]?.string == sid)
        #expect(bench.send("POST", "/video/v1/Rooms", [("UniqueName", "survey")]).json["code"]?.int == 53113)
        bench.pass(1)
        let joined = bench.control("POST", "rooms/survey/join", ["token": .string(Self.token(now: bench.now))])
        #expect(joined.status == 201)
        let other: [(String, JSONValue)] = [("grants", ["identity": "ben", "video": [:]])]
        let full = bench.control("POST", "rooms/survey/join", ["token": .string(Self.token(other, now: bench.now))])
        #expect(full.json["code"]?.string == "53105")
        let people = bench.send("GET", "/video/v1/Rooms/\(sid)/Participants").json["participants"]?.array ?? []
        #expect(people.count == 1)
        try WireFormatTests.check(try #require(people.first), "participant")
        bench.pass(10_000)
        let kicked = bench.send("POST", "/video/v1/Rooms/\(sid)/Participants/ana", [("Status", "disconnected")])
        #expect(kicked.status == 202 && kicked.json["status"] == "disconnected" && kicked.json["duration"] == 10)
        bench.settle()
        #expect(
            bench.values("StatusCallbackEvent", to: Self.hook)
                == ["room-created", "participant-connected", "participant-disconnected", "room-ended"])
        #expect(bench.values("SequenceNumber", to: Self.hook) == ["0", "1", "2", "3"])
        #expect(bench.send("GET", "/video/v1/Rooms/survey").status == 404)
        #expect(bench.send("GET", "/video/v1/Rooms/\(sid)").json["status"]?.string == "completed")
        let list = bench.send("GET", "/video/v1/Rooms?Status=completed").json
        #expect(list["rooms"]?.array?.count == 1 && list["meta"]?["key"]?.string == "rooms")
    }

    @Test("a room is completed by the API once, and never used it ends by itself")
    func ends() throws {
        let bench = try SimulatorBench()
        bench.send("POST", "/video/v1/Rooms", [("UniqueName", "a")])
        let done = bench.send("POST", "/video/v1/Rooms/a", [("Status", "completed")])
        #expect(done.status == 202 && done.json["status"] == "completed")
        let again = bench.send("POST", "/video/v1/Rooms/\(done.json["sid"]?.string ?? "")", [("Status", "completed")])
        #expect(again.json["code"]?.int == 53112)
        bench.send("POST", "/video/v1/Rooms", [("UniqueName", "b")])
        bench.pass(301_000)
        #expect(bench.send("GET", "/video/v1/Rooms/b").status == 404)
        #expect(bench.send("POST", "/video/v1/Rooms", [("Type", "go")]).json["code"]?.int == 53126)
    }

    @Test("tokens that are wrong in one thing are refused with its code")
    func tokens() throws {
        let now: Int64 = 1_767_225_600_000
        let seconds = now / 1000
        let cases: [(String, Int)] = [
            ("nonsense", 20101),
            (Self.token(header: ["alg": "none", "typ": "JWT", "cty": "twilio-fpa;v=1"], now: now), 20102),
            (Self.token([("iss", "SK1")], now: now), 20103), (Self.token([("sub", "AC1")], now: now), 20103),
            (Self.token(secret: "other", now: now), 20107), (Self.token([("exp", .integer(seconds))], now: now), 20104),
            (Self.token([("exp", .integer(seconds + 90_000))], now: now), 20157),
            (Self.token([("nbf", .integer(seconds + 61))], now: now), 20105),
            (Self.token([("grants", ["identity": "a"])], now: now), 20106),
            (Self.token([("grants", ["video": [:]])], now: now), 20106),
        ]
        for (token, code) in cases {
            let error = #expect(throws: AccessToken.Failure.self) {
                try AccessToken(token, credentials: SimulatorBench.credentials, now: now)
            }
            #expect(error?.code == code)
        }
        #expect(
            try AccessToken(Self.token(now: now), credentials: SimulatorBench.credentials, now: now).room == "survey")
    }

    @Test("tokens of the official library are good")
    func vectors() throws {
        let file = try SignatureTests.fixture("access-token-vectors.json")
        let credentials = SimulatorCredentials(
            accountSID: file["meta"]?["account_sid"]?.string ?? "", authToken: "x",
            keySID: file["meta"]?["signing_key_sid"]?.string ?? "", keySecret: file["meta"]?["secret"]?.string ?? "")
        let vectors = file["vectors"]?.array ?? []
        #expect(!vectors.isEmpty)
        var good = 0
        for vector in vectors where vector["payload"]?["grants"]?["video"] != nil {
            let start = vector["payload"]?["nbf"]?.int ?? vector["now"]?.int ?? 0
            let token = try? AccessToken(vector["jwt"]?.string ?? "", credentials: credentials, now: start * 1000)
            if vector["payload"]?["grants"]?["identity"]?.string != nil {
                #expect(token != nil, "\(vector["id"]?.string ?? "")")
                good += 1
            }
        }
        #expect(good > 0)
    }
}
