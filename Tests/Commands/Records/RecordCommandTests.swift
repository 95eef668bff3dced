import JSON
import Testing

@testable import Assembly

@Suite("contacts, keys and reviews")
struct RecordCommandTests {
    static let anna: JSONValue = [
        "id": "anna", "name": "Anna Keller", "locale": "de",
        "addresses": [["kind": "phone", "value": "+41791234567", "verified": true]],
    ]

    @Test("two contacts become one")
    func merge() {
        let ana: JSONValue = ["id": "ana", "name": "Ana", "addresses": [["kind": "phone", "value": "+39333"]]]
        let run = TestRun.online([(200, ana)])
        #expect(run.run("contacts", "merge", "ana", "--from", "ben") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/contacts/ana/merge"])
        #expect(run.api.requests.first?.body == ["from": "ben"])
        #expect(run.output.text.contains("+39333"))
        #expect(run.run("contacts", "merge", "ana") == 2)
        #expect(run.api.requests.count == 1)
    }

    @Test("tasks are listed, taken and ended")
    func tasks() {
        let task: JSONValue = [
            "id": "tsk_1", "queue": "workshop", "priority": 5, "state": "assigned", "worker": "luca",
            "created": "2026-11-27T09:00:00Z", "attributes": ["from": "+39333", "text": "The winch is broken"],
        ]
        let run = TestRun.online([(200, ["data": [task], "next_cursor": .null]), (200, task)])
        #expect(run.run("tasks", "list", "--queue", "work shop", "--state", "all", "--limit", "3") == 0)
        #expect(run.output.text.contains("+39333: The winch is broken"))
        #expect(run.run("tasks", "accept", "tsk_1", "--worker", "luca") == 0)
        #expect(run.run("tasks", "complete", "tsk_1", "--reason", "new rope") == 0)
        #expect(run.run("tasks", "reject", "tsk_1") == 0)
        #expect(run.run("tasks", "get", "tsk_1") == 0)
        #expect(
            run.api.requests.map(\.path) == [
                "/v1/tasks?limit=3&queue=work%20shop&state=all", "/v1/tasks/tsk_1/accept",
                "/v1/tasks/tsk_1/complete", "/v1/tasks/tsk_1/reject", "/v1/tasks/tsk_1",
            ])
        #expect(run.api.requests.map(\.body) == [nil, ["worker": "luca"], ["reason": "new rope"], [:], nil])
        #expect(run.run("tasks", "accept", "tsk_1") == 2)
        #expect(run.run("tasks", "list", "--state", "odd") == 2)
        #expect(run.api.requests.count == 5)
    }

    @Test("a task is handed on, given back by whoever has it")
    func transfer() {
        let task: JSONValue = ["id": "tsk_1", "queue": "desk", "state": "pending"]
        let run = TestRun.online([(200, task)])
        #expect(run.run("tasks", "transfer", "tsk_1", "--queue", "desk", "--worker", "ann") == 0)
        #expect(run.run("tasks", "transfer", "tsk_1", "--to", "ben") == 0)
        #expect(run.run("tasks", "reject", "tsk_1", "--worker", "ben") == 0)
        #expect(
            run.api.requests.map(\.body) == [["worker": "ann", "queue": "desk"], ["to": "ben"], ["worker": "ben"]])
        #expect(run.run("tasks", "transfer", "tsk_1") == 2)
        #expect(run.run("tasks", "transfer", "tsk_1", "--to", "ben", "--queue", "desk") == 2)
        #expect(run.api.requests.count == 3)
    }

    @Test("workers and queues are listed, and a worker says what tasks may come")
    func workers() {
        let ann: JSONValue = [
            "name": "ann", "activity": "available", "since": "2026-11-27T09:00:00Z", "capacity": 2,
            "attributes": ["skills": ["engine", "sails"]], "reserved": ["tsk_1"], "assigned": [],
        ]
        let queue: JSONValue = [
            "name": "desk", "waiting": 3, "oldest_wait": 61.5, "assigned": 1, "accepted": 4, "waited": 12.25,
            "service_level": ["within": "1m", "in_time": 3, "share": 0.75], "workers": ["ann"],
        ]
        let run = TestRun.online([(200, ["data": [ann]]), (200, ann), (200, ann), (200, ["data": [queue]])])
        #expect(run.run("workers", "list") == 0)
        #expect(run.output.text.contains("engine, sails"))
        #expect(run.run("workers", "get", "ann") == 0)
        #expect(run.run("workers", "set", "ann", "available") == 0)
        #expect(run.run("queues", "--hours", "8") == 0)
        #expect(run.output.text.contains("75 % in 1m") && run.output.text.contains("61.5 s"))
        #expect(
            run.api.requests.map(\.path) == [
                "/v1/workers", "/v1/workers/ann", "/v1/workers/ann/activity", "/v1/queues?hours=8",
            ])
        #expect(run.api.requests[2].body == ["activity": "available"])
        #expect(run.run("workers", "set", "ann", "asleep") == 2)
        #expect(run.run("queues", "--hours", "x") == 2)
        #expect(run.api.requests.count == 4)
    }

    @Test("people are called into conferences, shown, muted and taken out")
    func conferences() {
        let person: JSONValue = [
            "id": "prt_1", "label": "ana", "state": "joined", "to": "+39333", "muted": true, "hold": false,
        ]
        let conference: JSONValue = ["id": "cnf_1", "name": "survey", "state": "running", "boat": "aurora-7"]
        let run = TestRun.online([
            (200, ["data": [conference], "next_cursor": .null]), (200, ["data": [person], "next_cursor": .null]),
            (202, person),
        ])
        #expect(run.run("conferences", "list", "--boat", "aurora-7") == 0)
        #expect(run.run("conferences", "show", "survey") == 0)
        #expect(run.output.text.contains("aurora-7") && run.output.text.contains("muted"))
        #expect(
            run.run("conferences", "invite", "survey", "+39333", "--label", "ana", "--role", "host", "--boat", "a") == 0
        )
        #expect(run.run("conferences", "mute", "survey", "ana") == 0)
        #expect(run.run("conferences", "hold", "survey", "ana", "--off") == 0)
        #expect(run.run("conferences", "remove", "survey", "ana") == 0)
        #expect(run.run("conferences", "announce", "survey", "https://cdn.example/a.mp3") == 0)
        #expect(run.run("conferences", "end", "survey") == 0)
        #expect(
            run.api.requests.map { $0.method + " " + $0.path } == [
                "GET /v1/conferences?limit=50&state=open&boat=aurora-7", "GET /v1/conferences/survey/participants",
                "POST /v1/conferences/survey/participants", "PATCH /v1/conferences/survey/participants/ana",
                "PATCH /v1/conferences/survey/participants/ana", "DELETE /v1/conferences/survey/participants/ana",
                "POST /v1/conferences/survey/announce", "POST /v1/conferences/survey/end",
            ])
        #expect(
            run.api.requests.map(\.body) == [
                nil, nil, ["to": "+39333", "label": "ana", "role": "host", "boat": "a"], ["muted": true],
                ["hold": false], nil, ["url": "https://cdn.example/a.mp3"], [:],
            ])
        #expect(run.run("conferences", "invite", "survey", "+39333", "--role", "king") == 2)
        #expect(run.run("conferences", "mute", "survey") == 2)
    }

    @Test("a PIN comes from standard input, its first line alone, and only that it is set is shown")
    func pin() {
        let set: JSONValue = ["set": true, "since": "2026-11-27T09:00:00Z"]
        let none: JSONValue = ["set": false, "since": .null]
        let run = TestRun.online([(200, set), (200, set), (200, none)], files: ["-": "2580\nmore\n"])
        #expect(run.run("contacts", "pin", "ana", "--set") == 0)
        #expect(run.run("contacts", "pin", "ana") == 0)
        #expect(run.run("contacts", "pin", "ana", "--remove") == 0)
        #expect(run.api.requests.map(\.method) == ["PUT", "GET", "DELETE"])
        #expect(run.api.requests.allSatisfy { $0.path == "/v1/contacts/ana/pin" })
        #expect(run.api.requests.first?.body == ["pin": "2580"])
        #expect(
            run.output.lines == ["ana: set on 2026-11-27T09:00:00Z", "ana: set on 2026-11-27T09:00:00Z", "ana: no PIN"])
        #expect(run.run("contacts", "pin", "ana", "--set", "--remove") == 2)
        #expect(run.api.requests.count == 3)
    }

    @Test("a contact's consents are shown as they count, and with --history every statement")
    func consents() {
        let consent: JSONValue = [
            "at": "2026-11-02T09:00:00Z", "address": "+39333", "sender": "*", "state": "granted",
            "since": "2026-11-01T09:00:00Z", "source": "api", "key": "k7", "ignored": true,
        ]
        let run = TestRun.online([(200, ["data": [consent], "next_cursor": .null])])
        #expect(run.run("contacts", "consents", "ana") == 0)
        #expect(run.run("contacts", "consents", "ana", "--history", "--limit", "7") == 0)
        #expect(
            run.api.requests.map(\.path) == [
                "/v1/contacts/ana/consents", "/v1/contacts/ana/consents?limit=7&history=true",
            ])
        #expect(
            run.output.text == """
                ADDRESS  SENDER  STATE    SINCE
                +39333   *       granted  2026-11-01T09:00:00Z
                AT                    ADDRESS  SENDER  STATE    SINCE                 SOURCE
                2026-11-02T09:00:00Z  +39333   *       granted  2026-11-01T09:00:00Z  api k7 (ignored)

                """)
    }

    @Test("contacts are listed as a table, and the rest is announced")
    func list() {
        let run = TestRun.online([(200, ["data": [Self.anna], "next_cursor": "anna"])])
        #expect(run.run("contacts", "list", "--limit", "1", "--cursor", "a b") == 0)
        #expect(run.api.requests.first?.path == "/v1/contacts?limit=1&cursor=a%20b")
        #expect(
            run.output.text == """
                ID    NAME         LOCALE  TIME ZONE  ADDRESSES
                anna  Anna Keller  de                 +41791234567 (verified)

                """)
        #expect(run.errors.text == "gateway: there are more; go on with --cursor anna\n")
    }

    @Test("a limit out of range is a usage error", arguments: ["0", "501", "x", "99999999999999999999"])
    func limit(text: String) {
        let run = TestRun.online([(200, .null)])
        #expect(run.run("contacts", "list", "--limit", text) == 2)
        #expect(run.errors.text.contains("a whole number from 1 to 500"))
    }

    @Test("a contact is put from options or from a file")
    func put() throws {
        let run = TestRun.online([(200, Self.anna)])
        #expect(
            run.run("contacts", "put", "anna", "--name", "Anna", "--phone", "+41791234567", "--time-zone", "UTC") == 0)
        #expect(run.api.requests.first?.method == "PUT")
        #expect(run.api.requests.first?.path == "/v1/contacts/anna")
        #expect(run.api.requests.first?.body?.text == #"{"name":"Anna","phone":"+41791234567","time_zone":"UTC"}"#)
        let file = TestRun.online([(200, Self.anna)], files: ["c.json": #"{"name":"B"}"#])
        #expect(file.run("contacts", "put", "b", "--file", "c.json") == 0)
        #expect(file.api.requests.first?.body == ["name": "B"])
    }

    @Test("a contact without a name, or twice described, is a usage error")
    func badPut() {
        let nameless = TestRun.online([(200, .null)])
        #expect(nameless.run("contacts", "put", "anna", "--phone", "+1") == 2)
        let twice = TestRun.online([(200, .null)])
        #expect(twice.run("contacts", "put", "anna", "--name", "A", "--file", "c.json") == 2)
        #expect(nameless.api.requests.isEmpty && twice.api.requests.isEmpty)
    }

    @Test("a contact is shown and deleted")
    func getAndDelete() throws {
        let get = TestRun.online([(200, Self.anna)])
        #expect(get.run("contacts", "get", "anna", "-o", "json") == 0)
        #expect(try get.json() == Self.anna)
        let delete = TestRun.online([(200, ["deleted": true])])
        #expect(delete.run("contacts", "delete", "anna") == 0)
        #expect(delete.api.requests.first?.method == "DELETE")
        #expect(delete.output.text == "deleted anna\n")
        let missing = TestRun.online([(404, ["detail": "There is nothing with this id."])])
        #expect(missing.run("contacts", "get", "bob") == 1)
        #expect(missing.errors.text == "gateway: There is nothing with this id.\n")
    }

    @Test("a new key's text is the only output")
    func createKey() {
        let run = TestRun.online([(201, ["id": "ab", "key": "gw_ab_secret"])])
        let status = run.run(
            "keys", "create", "--name", "n", "--scope", "messages:write", "--scope", "messages:read", "--daily-calls",
            "5", "--daily-spend", "2.50", "--tenant", "t")
        #expect(status == 0)
        #expect(run.output.text == "gw_ab_secret\n")
        #expect(run.errors.text == "gateway: this is key ab; its text is not shown again\n")
        let expected = """
            {"name":"n","scopes":["messages:write","messages:read"],"tenant":"t","daily_spend":"2.50","daily_calls":5}
            """
        #expect(run.api.requests.first?.body?.text == expected)
    }

    @Test("a key without name or scope is a usage error", arguments: [["--name", "n"], ["--scope", "*"], []])
    func badKey(arguments: [String]) {
        let run = TestRun.online([(201, .null)])
        #expect(run.run(["keys", "create"] + arguments) == 2)
        #expect(run.api.requests.isEmpty)
    }

    @Test("keys are listed and revoked")
    func listAndRevoke() {
        let key: JSONValue = [
            "id": "ab", "name": "admin", "scopes": ["*"], "tenant": "default", "created": "2026-11-23T11:00:00.000Z",
        ]
        let list = TestRun.online([(200, ["data": [key]])])
        #expect(list.run("keys", "list") == 0)
        #expect(
            list.output.text == """
                ID  NAME   SCOPES  TENANT   CREATED                   REVOKED
                ab  admin  *       default  2026-11-23T11:00:00.000Z

                """)
        let revoke = TestRun.online([(200, ["revoked": true])])
        #expect(revoke.run("keys", "revoke", "ab") == 0)
        #expect(revoke.api.requests.first == APIRequest("DELETE", "/v1/keys/ab"))
    }

    @Test("reviews are listed, the closed ones on request")
    func reviews() {
        let review: JSONValue = [
            "id": "rev_1", "reason": "approval", "state": "closed", "created": "2026-11-23T11:00:00.000Z",
            "delivery": "dlv_1", "verdict": "approved", "closed_by": "k7",
        ]
        let run = TestRun.online([(200, ["data": [review], "next_cursor": "9"])])
        #expect(run.run("reviews", "list", "--all", "--limit", "1") == 0)
        #expect(run.api.requests.first?.path == "/v1/reviews?limit=1&state=all")
        #expect(
            run.output.text == """
                ID     STATE   REASON    ABOUT  CREATED                   VERDICT   BY
                rev_1  closed  approval  dlv_1  2026-11-23T11:00:00.000Z  approved  k7

                """)
        #expect(run.errors.text == "gateway: there are more; go on with --cursor 9\n")
        let open = TestRun.online([(200, ["data": []])])
        #expect(open.run("reviews", "list") == 0)
        #expect(open.api.requests.first?.path == "/v1/reviews?limit=50")
    }

    @Test("of what came in the number and the beginning of the text are shown")
    func reviewsAbout() {
        let about: JSONValue = [
            "from": "+447700900142", "text": .string("Is the engine\ncovered? " + String(repeating: "x", count: 60)),
        ]
        let review: JSONValue = [
            "id": "rev_1", "reason": "unknown", "state": "open", "created": "2026-11-23T11:00:00.000Z", "about": about,
        ]
        let run = TestRun.online([(200, ["data": [review]])])
        #expect(run.run("reviews", "list") == 0)
        #expect(run.output.text.contains("+447700900142: Is the engine"))
        #expect(run.output.text.split(separator: "\n").count == 2)
    }

    @Test("whoever wrote is replied to, or linked to a contact")
    func answerPerson() {
        let reply = TestRun.online([(200, ["verdict": "replied"])])
        #expect(reply.run("reviews", "reply", "rev_1", "--text", "We call you.", "--policy", "channel:sms") == 0)
        #expect(
            reply.api.requests.first
                == APIRequest(
                    "POST", "/v1/reviews/rev_1/reply", body: ["text": "We call you.", "policy": "channel:sms"]))
        #expect(reply.output.text == "replied rev_1\n")
        let link = TestRun.online([(200, ["verdict": "linked"])])
        #expect(link.run("reviews", "link", "rev_1", "--contact", "ana", "--verified", "--boat", "aurora") == 0)
        #expect(
            link.api.requests.first
                == APIRequest(
                    "POST", "/v1/reviews/rev_1/link",
                    body: ["contact": "ana", "boat": "aurora", "verified": true, "role": "owner"]))
        for command in [["reply", "rev_1"], ["link", "rev_1", "--name", "Ana"]] {
            let run = TestRun.online([])
            #expect(run.run(["reviews"] + command) == 2)
            #expect(run.errors.text.contains(command[0] == "reply" ? "--text" : "--contact"))
        }
    }

    @Test("a review is answered", arguments: [("approve", "approved"), ("dismiss", "dismissed")])
    func answer(verb: String, verdict: String) {
        let run = TestRun.online([(200, ["verdict": .string(verdict)])])
        #expect(run.run("reviews", verb, "rev_1") == 0)
        #expect(run.api.requests.first == APIRequest("POST", "/v1/reviews/rev_1/\(verb)"))
        #expect(run.output.text == "\(verdict) rev_1\n")
        let refused = TestRun.online([(409, ["detail": "The review was dismissed before; nothing was changed."])])
        #expect(refused.run("reviews", verb, "rev_1") == 1)
    }

    @Test("costs are a table with its sum, budgets another")
    func costs() {
        let figures: JSONObject = [
            "attempts": 2, "estimate": "0.10", "settled": 0, "settled_estimate": "0.00", "actual": "0.00",
            "spent": "0.10", "duplicates": 0, "duplicate_estimate": "0.00",
        ]
        var row: JSONObject = ["day": "2026-11-26", "channel": "sms"]
        for member in figures.members { row[member.key] = member.value }
        let run = TestRun.online([
            (
                200,
                [
                    "currency": "USD", "from": "2026-11-01", "to": "2026-11-26", "data": [.object(row)],
                    "total": .object(figures),
                ]
            )
        ])
        #expect(run.run("cost", "--from", "2026-11-01", "--by", "day,channel") == 0)
        #expect(run.api.requests.first?.path == "/v1/costs?from=2026-11-01&by=day%2Cchannel")
        #expect(
            run.output.text == """
                DAY         CHANNEL  ATTEMPTS  ESTIMATE  SETTLED  ACTUAL  SPENT  DUPLICATES
                2026-11-26  sms      2         0.10      0        0.00    0.10   0
                total                2         0.10      0        0.00    0.10   0

                """)
        #expect(run.errors.text == "gateway: 2026-11-01 to 2026-11-26, in USD\n")
        let spent: JSONValue = ["tenant": "shop", "day": "0.05", "month": "0.10", "month_percent": 25]
        let budget: JSONValue = ["name": "each", "of": "tenant", "per_month": "0.40", "spent": [spent]]
        let budgets = TestRun.online([(200, ["currency": "USD", "day": "2026-11-26", "data": [budget]])])
        #expect(budgets.run("cost", "--budgets") == 0)
        #expect(budgets.api.requests.first?.path == "/v1/budgets")
        #expect(budgets.output.text.contains("each    shop  0.05"))
    }

    @Test("what so much costs is told by the prices alone")
    func usage() throws {
        let file = TestFolder.fixture("prices.yaml")
        let run = TestRun()
        #expect(run.run("cost", "--usage", "sms=650", "--usage", "number=2", "--country", "US", "--config", file) == 0)
        #expect(
            run.output.text == """
                ITEM    COUNT  PER      PRICE   COST
                sms     650    segment  0.0075  4.875
                number  2      month    5.00    10.00
                total                           14.88 USD

                """)
        for wrong in ["sms", "sms=x", "sms=-1", "pigeon=1", "sms=9223372036854775807"] {
            #expect(TestRun().run("cost", "--usage", wrong, "--country", "US", "--config", file) == 2)
        }
    }
}
