import JSON

/// A message resource and where it stands in its life.
final class Message {
    /// The statuses that the simulator gives out.
    enum Status: String {
        case accepted, scheduled, canceled, queued, sending, sent, delivered, undelivered, failed, received, read

        /// Whether nothing follows any more, but perhaps `read`.
        var isFinal: Bool {
            switch self {
            case .canceled, .delivered, .undelivered, .failed, .received, .read: true
            case .accepted, .scheduled, .queued, .sending, .sent: false
            }
        }
    }

    let sid: String
    let sequence: Int
    let to: String
    let created: Int64
    var from: String?
    var serviceSID: String?
    var body: String
    var media: [String] = []
    /// What lies under them.
    var files: [MessageFile] = []
    var direction = "outbound-api"
    var status = Status.queued
    var errorCode: Int?
    var price: ResourcePrice?
    var segments: Int
    var updated: Int64
    var sent: Int64?
    var callback: String?
    /// Milliseconds that it may wait in the queue.
    var validity: Int64 = 36_000_000
    /// The template it was made of, and what was wrong with that.
    var contentSID: String?
    var contentError: Int?
    /// The next transition.
    var timer: Int?

    init(sid: String, sequence: Int, to: String, body: String, segments: Int, at time: Int64) {
        self.sid = sid
        self.sequence = sequence
        self.to = to
        self.body = body
        self.segments = segments
        created = time
        updated = time
    }

    /// The channel's prefix: empty for SMS, else for example `whatsapp`.
    var channel: String {
        ChannelAddress(to).channel.isEmpty ? ChannelAddress(from ?? "").channel : ChannelAddress(to).channel
    }

    /// When it counts for filters by day: the time it was sent, before that the time it was made.
    var filterTime: Int64 { sent ?? created }

    /// The resource in the field order of the API's description.
    func json(account: String, path: String, now: Int64) -> JSONValue {
        let uri = "\(path)/Messages/\(sid)"
        return [
            "body": .string(body), "num_segments": .string(String(segments)), "direction": .string(direction),
            "from": from.map { .string($0) } ?? .null, "to": .string(to),
            "date_updated": .string(Clock.rfc2822(updated)),
            "price": price?.text(at: now).map { .string($0) } ?? .null,
            "error_message": errorCode.map { .string(TwilioError.text($0)) } ?? .null,
            "uri": .string(uri + ".json"), "account_sid": .string(account), "num_media": .string(String(media.count)),
            "status": .string(status.rawValue), "messaging_service_sid": serviceSID.map { .string($0) } ?? .null,
            "sid": .string(sid), "date_sent": sent.map { .string(Clock.rfc2822($0)) } ?? .null,
            "date_created": .string(Clock.rfc2822(created)),
            "error_code": errorCode.map { .integer(Int64($0)) } ?? .null, "price_unit": "USD",
            "api_version": "2010-04-01",
            "subresource_uris": [
                "media": .string(uri + "/Media.json"), "feedback": .string(uri + "/Feedback.json"),
            ],
        ]
    }
}
