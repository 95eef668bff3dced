import JSON

/// A provider's way back: verification, normalization, and answers in its format.
public protocol ProviderWebhooks: Sendable {
    /// Paths below the public listener, such as `/webhooks/twilio/sms`, aliases included.
    var paths: [String] { get }
    /// Names of the header fields that `receive` looks at; a request need not carry others.
    var fields: [String] { get }
    /// Verifies and normalizes; anything that is not verified is refused, and nothing of it is kept.
    func receive(_ request: WebhookRequest) -> WebhookEvent
    /// The answer's body in the provider's format, with its content type. It goes by method and target alone: header and
    /// body are not kept until then.
    func answer(_ answer: WebhookAnswer, to request: WebhookRequest) -> (contentType: String, body: [UInt8])
}

/// An HTTP request to the public listener as a value.
public struct WebhookRequest: Sendable, Hashable {
    /// Upper case, such as `POST`.
    public var method: String
    /// Path and query as on the wire.
    public var target: String
    /// In order; names as on the wire.
    public var headers: [ProviderField]
    /// As on the wire; empty when there is none.
    public var body: [UInt8]

    /// A request as it was received.
    public init(method: String, target: String, headers: [ProviderField], body: [UInt8]) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The path without the query.
    public var path: Substring { target[..<(target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex)] }

    /// The query as on the wire, without its `?`; empty when there is none.
    public var query: Substring {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return target[target.utf8.index(after: mark)...]
    }

    /// Hands out the bytes of the path and of the query, which is empty when there is none.
    @inlinable
    public func withTarget<Result>(
        _ body: (_ path: UnsafeBufferPointer<UInt8>, _ query: UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        var target = target
        return target.withUTF8 { target in
            var mark = 0
            while mark < target.count, target[mark] != UInt8(ascii: "?") { mark += 1 }
            let query = target[min(mark + 1, target.count)...]
            return body(UnsafeBufferPointer(rebasing: target[..<mark]), UnsafeBufferPointer(rebasing: query))
        }
    }

    /// The first value of a header field, names compared without case.
    public func header(_ name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}

/// What a webhook says.
public enum WebhookEvent: Sendable, Hashable {
    /// Not signed, or signed wrongly: 403, nothing stored.
    case refused
    /// Signed, but not understood: 2xx, counted.
    case ignored
    /// Not a request that this path takes: 405 or 400.
    case malformed(String)
    /// Evidence about an attempt. `token` is the query item `t`.
    case report(token: String, kind: ChannelKind, AttemptReport)
    /// A document request of an outbound call.
    case turn(CallTurn)
    /// A message from a person.
    case message(InboundMessage)
    /// A call from a person: its first request and each key press.
    case call(InboundCall)
    /// A recording of a call, or what was said in it.
    case recorded(RecordedCall)
    /// Somebody left a room.
    case stayed(RoomStay)
    /// Something happened in a conference.
    case conference(ConferenceReport)
}

/// A request for the next part of a call that the gateway placed.
public struct CallTurn: Sendable, Hashable {
    /// The attempt's token (query item `t`).
    public var token: String
    /// The turn's own token (query item `n`); a repeated one gets the stored answer.
    public var turn: String
    /// The provider's id of the call.
    public var providerID: String
    /// Keys that were pressed, empty for none.
    public var digits: String
    /// Recognized speech.
    public var speech: String?
    /// The Gather ended without input.
    public var isFollowUp: Bool
    /// What the turn itself proves, such as that somebody pressed a key.
    public var report: AttemptReport
    /// Who picked up, as far as the delivery knows; the provider's webhook alone does not.
    public var listener: CallListener

    /// A turn of the call with the provider's id.
    public init(token: String, turn: String, providerID: String, digits: String, report: AttemptReport) {
        self.token = token
        self.turn = turn
        self.providerID = providerID
        self.digits = digits
        self.report = report
        isFollowUp = false
        listener = .unknown
    }
}

/// Who picked up a call.
public enum CallListener: String, Sendable, Hashable {
    case unknown, human, machine
}

/// A text from a person, normalized.
public struct InboundMessage: Sendable, Hashable {
    /// The channel that it came over.
    public var kind: ChannelKind
    /// E.164 with `+`.
    public var from: String
    /// The gateway's sender that was written to.
    public var to: String
    /// As written; empty for media alone.
    public var text: String
    /// The provider's id of the message.
    public var providerID: String
    /// The payload of a button.
    public var button: String?
    /// The provider's id of the message that was quoted.
    public var quoted: String?
    /// Files that came with it, in the provider's order.
    public var media: [InboundMedia]
    /// The name that the person gave themselves, where the channel has one.
    public var profileName: String?
    /// START, STOP or HELP when the provider answered it already.
    public var optOutType: String?
    /// The channel's own id of the person, which stands for a number that is not shown; `nil` where there is none.
    public var userID: String?
    /// What else the provider says, in neutral words (docs/api.md, 'What people send'); `other` holds what it did not
    /// say before.
    public var details = JSONObject()

    /// A text with the provider's id.
    public init(kind: ChannelKind, from: String, to: String, text: String, providerID: String) {
        self.kind = kind
        self.from = from
        self.to = to
        self.text = text
        self.providerID = providerID
        media = []
    }
}

/// A request of a call that a person placed.
public struct InboundCall: Sendable, Hashable {
    /// The provider's id of the call.
    public var providerID: String
    /// E.164 with `+`, or what the network showed.
    public var from: String
    /// The gateway's number that was called.
    public var to: String
    /// The menu that the keys belong to, from the query; `nil` for the first request.
    public var menu: String?
    /// The turn's own token (query item `n`); empty for the first request.
    public var turn: String
    /// Keys that were pressed, empty for none.
    public var digits: String
    /// Recognized speech.
    public var speech: String?
    /// Set by a status report; `nil` for a document request.
    public var call: CallProgress?
    /// Whole seconds of talking, where the call's end is reported with them; zero for one that was not answered.
    public var seconds: Int?
    /// The attempts that the menu plays, for an open alert (query item `t`).
    public var token: String?
    /// The path's last word: `inbound`, `menu-select`, `support-transfer`, `menu-pin`, `whisper`, `voicemail`.
    public var purpose: String
    /// How often the menu was asked without a choice (query item `r`).
    public var rounds = 0
    /// The step of the menu that goes on (query item `s`).
    public var place: String?
    /// BCP 47, where the caller chose a language (query item `l`).
    public var language: String?
    /// Whoever was dialled took the call.
    public var wasConnected = false
    /// The network vouches for something else than the number that is shown.
    public var isForged = false

    /// A call's request.
    public init(providerID: String, from: String, to: String, purpose: String) {
        self.providerID = providerID
        self.from = from
        self.to = to
        self.purpose = purpose
        turn = ""
        digits = ""
    }

    /// Where the keys of a call are a PIN, which is not filed.
    static let pinPurpose = "menu-pin"

    /// The number of the next document: one more than the turn's, 1 after what is no number. The turn came from
    /// outside, so the greatest number stays as it is.
    var nextTurn: Int {
        let number = Int(turn) ?? 0
        return number == .max ? number : number + 1
    }
}

/// How long somebody was in a room, which is what providers bill.
public struct RoomStay: Sendable, Hashable {
    /// The provider's id of the stay: the same person gets another one by entering again.
    public var providerID: String
    /// Whose room it was.
    public var tenant: String
    /// Whole seconds.
    public var seconds: Int

    /// A stay that is over.
    public init(providerID: String, tenant: String, seconds: Int) {
        self.providerID = providerID
        self.tenant = tenant
        self.seconds = seconds
    }
}

/// What the gateway answers, in neutral words.
public enum WebhookAnswer: Sendable, Hashable {
    /// Nothing to say.
    case empty
    /// A reply to a message, as one or more texts.
    case reply([String])
    case script(CallScript)
}
