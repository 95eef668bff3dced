import Crypto
import Forms
import JSON

// Twilio's way back and its answers: nothing unsigned is taken; what is signed is understood or ignored, the inbound
// rules of channels.yaml decide on it, and the document that answers is one that the provider reads. Answers to
// requests are evidence or a classified error, whatever they hold.
@testable import Assembly
@testable import Gateway
@testable import TwilioProvider

private let publicURL = "https://gateway.example"
private let accountSid = "AC" + String(repeating: "a", count: 32)
private let twilio = made { () throws(ProviderError) in
    try Twilio(TwilioSettings(accountSid: accountSid, authToken: "token", publicURL: publicURL))
}
private let directory = made { () throws(CommandFailure) in
    let reader = ConfigurationReader(
        environment: [:], readFile: { _ in [] }, catalogue: ProgramCatalogue.value, isZone: { _ in true })
    let reading = reader.read(try Files.read("channels.yaml"), file: "channels.yaml")
    guard let configuration = reading.configuration else { throw CommandFailure("fuzz", "channels.yaml has errors") }
    return ConfigurationDirectory(
        configuration: configuration, adapters: ProgramCatalogue.adapters, providers: [twilio],
        links: AcknowledgementLinks(origin: publicURL, key: [1]), loadSnapshot: { _ in nil })
}

// What lives as long as the program is no leak, but the sanitizer does not see all pointers to it: Swift tags some.
@_silgen_name("__lsan_disable") private func stopLookingForLeaks()
@_silgen_name("__lsan_enable") private func lookForLeaks()

private func made<Value, Failure: Error>(_ make: () throws(Failure) -> Value) -> Value {
    stopLookingForLeaks()
    defer { lookForLeaks() }
    do throws(Failure) { return try make() } catch { fatalError("\(error)") }
}

/// Called by libFuzzer with each input: which side, then target and form, or status, header and body, as records.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTwilio(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let side = input.byte()
    var records = input.records
    while records.count < 3 { records.append([]) }
    if side & 1 == 0 {
        let target = String(decoding: records[0], as: UTF8.self)
        checkWebhook(isPost: side & 2 == 0, isKnown: side & 4 == 0, target: target, records[1], records[2])
    } else {
        checkAnswers(records)
    }
    return 0
}

// MARK: webhooks

private func checkWebhook(
    isPost: Bool, isKnown: Bool, target: String, _ form: [UInt8], _ signature: [UInt8]
) {
    let paths = twilio.webhooks.paths
    let target = target.hasPrefix("/") ? target : paths[target.utf8.count % paths.count] + "?" + target
    let given = String(decoding: signature, as: UTF8.self)
    var request = WebhookRequest(
        method: isPost ? "POST" : "GET", target: target,
        headers: [
            ProviderField("Content-Type", "application/x-www-form-urlencoded"),
            ProviderField("X-Twilio-Signature", given),
            ProviderField("X-Twilio-Webhooks-Signature-Settings", given),
        ], body: isPost ? form : [])
    switch twilio.webhooks.receive(request) {
    case .refused, .malformed: break
    default: expect(false, "an unsigned request is taken")
    }
    request.headers[1] = ProviderField("X-Twilio-Signature", sign(request))
    request.headers.removeLast()
    let event = twilio.webhooks.receive(request)
    if case .refused = event { expect(false, "a signed request is refused") }
    answer(event, request, isKnown: isKnown)
}

/// As the provider documents it, and slowly.
private func sign(_ request: WebhookRequest) -> String {
    var message = Array((publicURL + request.target).utf8)
    if request.method == "POST" {
        let view = FormView(parsing: request.body)
        var fields = (0..<view.count).map { [Array(view.name(at: $0)), Array(view.value(at: $0))] }
        fields.sort { left, right in
            left[0] == right[0]
                ? left[1].lexicographicallyPrecedes(right[1]) : left[0].lexicographicallyPrecedes(right[0])
        }
        for (index, field) in fields.enumerated() where index == 0 || fields[index - 1] != field {
            message += field[0] + field[1]
        }
    }
    return Base64.encode(MessageCode.hmac(.sha1, key: Array("token".utf8), message))
}

private func answer(_ event: WebhookEvent, _ request: WebhookRequest, isKnown: Bool) {
    let content: InboundContext.Content
    switch event {
    case .message(let message):
        expect(message.media.count <= Twilio.maxMedia, "\(message.media.count) media")
        content = .message(message)
    case .call(let call):
        expect(call.digits.utf8.allSatisfy("0123456789*#".utf8.contains), "\(call.digits) are no keys")
        content = .call(call)
    default: return check(twilio.webhooks.answer(.empty, to: request))
    }
    var context = InboundContext(content, now: Timestamp(milliseconds: 1_800_000_000_000))
    context.mayReply = true
    context.contact = isKnown ? "ann" : nil
    let decision = directory.receive(context)
    check(twilio.webhooks.answer(.reply(decision.replies), to: request))
    if let script = decision.script { check(twilio.webhooks.answer(.script(script), to: request)) }
}

private func check(_ answer: (contentType: String, body: [UInt8])) {
    expect(answer.body.count <= TwiML.maxBytes, "\(answer.body.count) bytes")
}

// MARK: answers

private func checkAnswers(_ records: [[UInt8]]) {
    // The client takes no other status for an answer.
    let status = 200 + Int((UInt(String(decoding: records[0], as: UTF8.self)) ?? 0) % 400)
    let headers = [ProviderField("Retry-After", String(decoding: records[1], as: UTF8.self))]
    let answer = ProviderAnswer.answered(status: status, headers: headers, body: records[2])
    let requests: [OutboundRequest] = [
        .message(MessageRequest(kind: .sms, from: "+41791234567", to: "+41790000000", text: "engine", token: "t")),
        .call(
            CallRequest(
                from: "+41791234567", to: "+41790000000", token: "t", ringTimeout: .seconds(30),
                maxDuration: .seconds(60))),
        .room(RoomRequest(name: "bridge", maxParticipants: 2)),
    ]
    for request in requests {
        let result = twilio.result(of: answer, for: request)
        if case .accepted(let id, _) = result {
            expect((200..<300).contains(status) && Twilio.isSid(id), "\(status) \(id) is no acceptance")
        }
        checkLookUp(answer, request)
    }
    for kind in [ChannelKind.sms, .whatsapp, .voice, .video] { _ = twilio.pollResult(of: answer, kind: kind) }
    if let wait = Twilio.retryAfter(answer) { expect(wait >= .zero && wait <= .seconds(86_400), "waits for \(wait)") }
    if let room = try? twilio.roomResult(of: answer) { expect(Twilio.isSid(room.providerID), "\(room.providerID)") }
}

private func checkLookUp(_ answer: ProviderAnswer, _ request: OutboundRequest) {
    let since = Timestamp(milliseconds: 1_800_000_000_000)
    switch twilio.lookUpResult(of: answer, for: request, since: since, taken: []) {
    case .done(.found(let id, _)): expect(Twilio.isSid(id), "\(id) is no resource")
    case .done: break
    case .next(let page):
        let account = "https://api.twilio.com/2010-04-01/Accounts/\(accountSid)/"
        expect(page.url.hasPrefix(account), "\(page.url) is foreign")
        expect(page.method == "GET", "\(page.method) is no look-up")
    }
}
