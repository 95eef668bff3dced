import Crypto
import Forms
import Gateway
import HTTP
import JSON
import MemoryStore

/// A busy hour in a bad world, all of it from one seed: messages, faults, crashes, failing commits.
struct RandomWorld {
    let gateway: VirtualGateway
    private(set) var deliveries: [RecordID] = []
    private(set) var cancelled: Set<RecordID> = []
    private(set) var numbers: [RecordID: String] = [:]
    private let count: Int

    static let policies = """
          first:
            success: delivered
            expires: 2h
            fallback:
              - { channel: sms, template: alert, deliver_within: 2m, queue_within: 2m }
              - { channel: voice, template: alert, ring_timeout: 30s }
            on_exhausted: review
          second:
            ack: { required: true }
            expires: 2h
            fallback:
              - { channel: whatsapp, template: alert, deliver_within: 2m, ack_within: 3m, queue_within: 2m }
              - { channel: sms, template: alert, deliver_within: 2m, ack_within: 3m, queue_within: 2m }
              - { channel: voice, template: alert, ring_timeout: 30s }
            on_exhausted: review
        """

    /// Policies from which further deliveries come.
    static let families = """
          third:
            ack: { required: true }
            expires: 1h
            repeat: { times: 1, gap: 5m }
            max_calls_total: 1
            fallback:
              - { channel: sms, template: alert, deliver_within: 2m, ack_within: 3m, queue_within: 2m }
              - { target: group:crew, policy: crew, ack_within: 5m }
            on_exhausted: { policy: second }
          crew:
            ack: { required: true }
            budget: { per_delivery: 0.50 USD, on_budget: block }
            broadcast:
              - { channel: sms, template: alert, deliver_within: 2m, ack_within: 3m, queue_within: 2m }
              - { channel: voice, template: alert, ring_timeout: 30s }
        """

    static let sections = """
        groups: { crew: [contact:anna, contact:ben] }
        prices:
          sms: { out: { per: segment, "*": 0.10 USD } }
          voice: { out: { per: minute, "*": 0.10 USD } }
        """
    /// Whom the group means.
    static let crew = [("anna", "+41791160001"), ("ben", "+41791160002")]

    /// One behaviour for each group of numbers.
    static let phones: JSONValue = [
        "+4179110*": [
            "whatsapp": ["deliver": "1s", "read": "5s", "reply": ["after": "9s", "text": "ok"]],
            "sms": ["deliver": "2s"],
        ],
        "+4179111*": [
            "whatsapp": ["fail": 63024], "sms": ["deliver": "2s", "reply": ["after": "20s", "text": "OK"]],
        ],
        "+4179112*": [
            "whatsapp": ["fail": 63024], "sms": ["undelivered": 30003],
            "voice": ["ring": "4s", "answer": "human", "do": [["hear": "6s"], ["press": "1"]]],
        ],
        "+4179113*": [
            "whatsapp": "sent_only", "sms": "sent_only", "voice": ["ring": "15s", "answer": "machine"],
        ],
        "+4179114*": [
            "whatsapp": "sent_only", "sms": ["undelivered": 30005], "voice": ["ring": "20s", "outcome": "no_answer"],
        ],
        "+41791160001": [
            "sms": ["deliver": "2s", "reply": ["after": "40s", "text": "OK"]],
            "voice": ["ring": "6s", "outcome": "no_answer"],
        ],
        "+41791160002": ["sms": "sent_only", "voice": ["ring": "2s", "outcome": "busy"]],
        "+4179115*": [
            "sms": ["refuse": 21211], "whatsapp": ["fail": 63024], "voice": ["ring": "2s", "outcome": "busy"],
        ],
    ]

    static let faults: JSONValue = [
        ["kind": "latency", "probability": 0.02, "latency": "2s..20s"],
        ["kind": "status", "status": 429, "probability": 0.05],
        ["kind": "status", "status": 503, "probability": 0.01],
        ["kind": "status", "status": 503, "probability": 0.01, "after_accepting": true],
        ["kind": "cut", "probability": 0.005], ["kind": "cut", "probability": 0.005, "after_accepting": true],
        ["kind": "callback", "what": "lost", "probability": 0.02],
        ["kind": "callback", "what": "doubled", "probability": 0.03],
        ["kind": "callback", "what": "reordered", "probability": 0.03],
        ["kind": "callback", "what": "early", "probability": 0.03],
        ["kind": "list_lag", "lag": "3s", "probability": 0.1], ["kind": "idle_close", "probability": 0.01],
    ]

    init(seed: UInt64, count: Int) throws {
        var story = StoryConfiguration(Self.policies + "\n" + Self.families)
        story.idleLimit = [0, 3, 20_000][Int(seed % 3)]
        story.phones = Self.phones
        story.faults = Self.faults
        story.smsRate = "20/s"
        story.sections = Self.sections
        self.count = count
        gateway = try VirtualGateway(story, seed: seed)
        gateway.gathering = 0...3
        for (id, number) in Self.crew {
            var contact = ContactRecord(id: id, name: id)
            contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
            try gateway.store.put(contact)
        }
    }

    /// Ten minutes of messages, then peace until every delivery must have ended.
    mutating func run() throws {
        planTrouble(until: 600_000)
        for index in 0..<count {
            gateway.run(for: .milliseconds(gateway.number(in: 0...1_200_000 / Int64(count))))
            if gateway.core == nil { try gateway.restart() }
            try send(index)
        }
        gateway.run(for: .seconds(300))
        gateway.crash()
        try gateway.restart()
        gateway.run(for: .seconds(3 * 3_600))
    }

    private mutating func send(_ index: Int) throws {
        let group = index % 6
        // Two messages share a number where nobody is called.
        let person = group < 2 ? index / 12 * 12 + group : index
        let number = "+417911\(group)\(String(10_000 + person).dropFirst())"
        let body: JSONValue = [
            "to": .string(number), "template": "alert", "variables": ["item": .string("Pump \(index)")],
            "policy": index % 3 == 0 ? "first" : index % 7 == 3 ? "third" : "second",
            "priority": index % 5 == 0 ? "critical" : "normal",
        ]
        let id = try gateway.send(body)
        deliveries.append(id)
        numbers[id] = number
        if index % 40 == 7 {
            cancelled.insert(id)
            gateway.plan(after: .milliseconds(gateway.number(in: 0...60_000))) { $0.act(.cancel, id) }
        }
    }

    /// Kills between turns, kills between a commit and its requests, commits that fail.
    private func planTrouble(until end: Int64) {
        var at: Int64 = 5_000
        while at < end {
            at += gateway.number(in: 5_000...60_000)
            let kind = gateway.number(in: 0...3)
            let pause = gateway.number(in: 0...8_000)
            gateway.plan(after: .milliseconds(at)) { gateway in
                switch kind {
                case 0: gateway.crash()
                case 1: gateway.crashAfterNextCommit()
                default: gateway.store.failNextCommit(with: StoreError(kind == 2 ? .busy : .full, "planned"))
                }
            }
            gateway.plan(after: .milliseconds(at + pause)) { gateway in
                if gateway.core == nil { try? gateway.restart() }
            }
        }
    }

    /// Every delivery, with those that came of others.
    func family() throws -> [RecordID] {
        try deliveries.flatMap { id in try gateway.store.deliveries(ofMessage: id).map { (record: RecordID) in record }
        }
    }

    /// Some numbers belong to many deliveries: each may call once.
    func callsAllowed() throws -> [String: Int] {
        try family().reduce(into: [:]) { allowed, id in allowed[try gateway.recipient(id), default: 0] += 1 }
    }

    /// SHA-256 of all commits and all requests.
    var digest: String { Hex.encode(HashAlgorithm.sha256.digest(gateway.store.trace + gateway.requestTrace)) }
}

extension VirtualGateway {
    /// How many calls the provider really placed to each number.
    func placedCalls() throws -> [String: Int] {
        var found: [String: Int] = [:]
        for call in try sent("Calls", "calls") { found[call["to"]?.string ?? "", default: 0] += 1 }
        return found
    }

    /// What the provider really made for the gateway: its list of a resource, whose entries are under a name.
    func sent(_ resource: String, _ name: String) throws -> [JSONValue] {
        try control("DELETE", "faults")
        let credentials = Base64.encode(Array("\(Self.account):token of the stories".utf8))
        var target: String? = "/2010-04-01/Accounts/\(Self.account)/\(resource).json?PageSize=1000"
        var found: [JSONValue] = []
        while let next = target {
            let request = HTTPRequest(
                method: "GET", target: next, headers: HTTPHeaders([("Authorization", "Basic " + credentials)]))
            let page = try list(request)
            found += (page[name]?.array ?? []).filter { $0["direction"]?.string == "outbound-api" }
            target = page["next_page_uri"]?.string
        }
        return found
    }
}
