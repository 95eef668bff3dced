import JSON

/// A call resource and where it stands in its life.
final class Call {
    /// The statuses of the API.
    enum Status: String {
        case queued, ringing, busy, failed, canceled, completed
        case inProgress = "in-progress"
        case noAnswer = "no-answer"

        /// Whether the call is over.
        var isFinal: Bool { ![.queued, .ringing, .inProgress].contains(self) }
    }

    /// How a machine is told from a person.
    struct Detection {
        /// Whether to wait for the end of the machine's greeting.
        var waitsForEnd: Bool
        /// Milliseconds after which detection gives up.
        var timeout: Int64
        /// Where the result is posted while the call goes on; nil: it comes with the first request for instructions.
        var callback: (url: String, method: String)?
    }

    /// Where status callbacks go.
    struct Callback {
        var url: String
        var method: String
        /// Of initiated, ringing, answered, completed.
        var events: Set<String>
    }

    let sid: String
    let to: String
    let from: String
    let direction: String
    let parentSID: String?
    let created: Int64
    var updated: Int64
    var status = Status.queued
    var started: Int64?
    var ended: Int64?
    var answeredBy: String?
    /// What the network says of an inbound call's number (STIR/SHAKEN), in Twilio's words.
    var verdict = "No-TN-Validation"
    var price: ResourcePrice?
    var numberSID: String?
    /// Where instructions come from, or the instructions.
    var url: String?
    var method = "POST"
    var fallback: (url: String, method: String)?
    var twiml: String?
    var callback: Callback?
    /// Milliseconds of ringing.
    var timeout: Int64 = 60_000
    /// Milliseconds of talking.
    var timeLimit: Int64 = 14_400_000
    var detection: Detection?
    /// Where the recording of the whole call is announced; nil: it is not recorded.
    var recording: RecordingRequest?
    /// The place in a conference that the call was made for, until it is taken.
    var seat: (conference: Conference, member: ConferenceMember)?
    var queueTime: Int64 = 0
    var sipCode: Int?
    var errorCode: Int?
    /// The number of the next status callback.
    var sequence = 0
    /// Everything scheduled that ends with the call.
    var timers: [Int] = []
    /// Executes the instructions, while the call lasts.
    var runner: TwiMLRunner?
    /// The person or machine on the other side, while the call lasts.
    var handset: Handset?
    /// Told when the call is answered and when it is over.
    var onChange: ((Call) -> Void)?

    init(sid: String, to: String, from: String, direction: String, parentSID: String?, at time: Int64) {
        self.sid = sid
        self.to = to
        self.from = from
        self.direction = direction
        self.parentSID = parentSID
        created = time
        updated = time
    }

    /// Lets go of what lasts as long as the call.
    func letGo() {
        runner = nil
        handset = nil
        onChange = nil
        seat = nil
    }

    /// The number of the handset.
    var handsetNumber: String { direction == "inbound" ? from : to }
    /// The number of the account.
    var accountNumber: String { direction == "inbound" ? to : from }

    /// Whole seconds of talking, nil before the end.
    var duration: Int64? {
        guard let ended else { return nil }
        return started.map { (ended - $0 + 999) / 1000 } ?? 0
    }

    /// The resource in the field order of the API's description.
    func json(account: String, path: String, now: Int64) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        let uri = "\(path)/Calls/\(sid)"
        let children = [
            "notifications": "Notifications", "recordings": "Recordings", "payments": "Payments", "events": "Events",
            "siprec": "Siprec", "streams": "Streams", "transcriptions": "Transcriptions",
            "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
            "user_defined_messages": "UserDefinedMessages",
        ].sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string("\(uri)/\($0.value).json")) }
        return [
            "sid": .string(sid), "date_created": .string(Clock.rfc2822(created)),
            "date_updated": .string(Clock.rfc2822(updated)), "parent_call_sid": text(parentSID),
            "account_sid": .string(account), "to": .string(to), "to_formatted": .string(to), "from": .string(from),
            "from_formatted": .string(from), "phone_number_sid": text(numberSID), "status": .string(status.rawValue),
            "start_time": text(started.map(Clock.rfc2822)), "end_time": text(ended.map(Clock.rfc2822)),
            "duration": text(duration.map { String($0) }), "price": text(price?.text(at: now)), "price_unit": "USD",
            "direction": .string(direction), "answered_by": text(answeredBy), "api_version": "2010-04-01",
            "forwarded_from": .null, "group_sid": .null, "caller_name": .null, "queue_time": .string(String(queueTime)),
            "trunk_sid": .null, "uri": .string(uri + ".json"), "subresource_uris": .object(JSONObject(children)),
        ]
    }
}
