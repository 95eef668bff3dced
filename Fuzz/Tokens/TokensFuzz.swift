import JSON

// Texts that carry bytes or rights: base 64, hexadecimal, identifiers, the tokens of attempts, acknowledgement links,
// turns of a call and video rooms. What is read is written the same way, and nothing is accepted that was not made
// with the key.
@testable import Crypto
@testable import Gateway
@testable import Simulator
@testable import TwilioProvider
@testable import VoiceChannel

private let key: [UInt8] = Array("a key of the fuzzer".utf8)
private let credentials = SimulatorCredentials(
    accountSID: "AC" + String(repeating: "a", count: 32), authToken: "token",
    keySID: "SK" + String(repeating: "b", count: 32), keySecret: "secret")
private let now: Int64 = 1_800_000_000

/// Called by libFuzzer with each input: which reader, then its text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTokens(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    switch input.byte() % 7 {
    case 0: checkCoding(input)
    case 1: checkIdentifier(input.text)
    case 2: checkAttempt(&input)
    case 3: checkTurn(input.text)
    case 4: checkAccess(input.text)
    case 5: checkLink(&input)
    default: checkSignedAccess(input.records)
    }
    return 0
}

private func checkCoding(_ input: FuzzInput) {
    let bytes = input.rest
    expect(Base64.decode(Base64.encode(bytes)) == bytes, "base 64 reads differently")
    expect(Base64.decodeURL(Base64.encodeURL(bytes)) == bytes, "base 64 of URLs reads differently")
    expect(Hex.decode(Hex.encode(bytes)) == bytes, "hexadecimal reads differently")
    let text = input.text
    if let read = Base64.decode(text) { expect(Base64.encode(read) == text, "two texts mean the same bytes") }
    if let read = Base64.decodeURL(text) { expect(Base64.encodeURL(read) == text, "two URL texts mean the same bytes") }
    if let read = Hex.decode(text) { expect(Hex.encode(read) == text.lowercased(), "two texts mean the same bytes") }
}

private func checkIdentifier(_ text: String) {
    for kind in RecordID.Kind.allCases {
        guard let id = RecordID(text, kind) else { continue }
        expect(id.rawValue > 0, "\(id.rawValue) is no identifier")
        expect(id.text(kind) == text.lowercased(), "\(text) is written \(id.text(kind))")
    }
    if let id = RecordID(digits: text.utf8) {
        expect(id.digits == text.lowercased(), "\(text) is written \(id.digits)")
    }
    if let code = AcknowledgementCode(in: text) {
        expect(code.value <= 0xFFF && code.text.utf8.count == 3, "\(code.text) is no code")
        expect(AcknowledgementCode(in: "ACK " + code.text) == code, "\(code.text) reads differently")
    }
}

private func checkAttempt(_ input: inout FuzzInput) {
    let attempt = Int(input.byte())
    if let delivery = RecordID(rawValue: input.integer()) {
        let token = AttemptToken(delivery: delivery, attempt: attempt)
        expect(AttemptToken(token.text(key: key), key: key) == token, "a token reads differently")
        // Not 0: HMAC fills a short key up with zeros.
        expect(AttemptToken(token.text(key: key), key: key + [1]) == nil, "a token of another key is taken")
    }
    let text = input.text
    if let token = AttemptToken(text, key: key) {
        expect(token.text(key: key).utf8.elementsEqual(text.lowercased().utf8), "\(text) is a second form of a token")
    }
}

/// Links to files: what was made is read, and nothing else is.
private func checkLink(_ input: inout FuzzInput) {
    let links = MediaLinks(origin: "https://g.example", secret: key)
    let end = Timestamp(milliseconds: input.integer())
    if let media = RecordID(rawValue: input.integer()), end.milliseconds >= 1_000 {
        let token = links.token(of: media, until: end)
        let second = end.milliseconds / 1_000 * 1_000
        expect(links.read(token, at: Timestamp(milliseconds: second - 1)) == .valid(media), "a token reads differently")
        expect(links.read(token, at: end) == .expired, "a token does not end")
    }
    expect(links.read(input.text, at: end) == .forged, "a token without the right code is taken")
}

private func checkTurn(_ text: String) {
    let token = TurnToken(text)
    expect((0...TurnToken.limit).contains(token.depth) && (0...9).contains(token.silences), "\(token)")
    let next = TurnToken(token.afterSilence)
    expect(next.depth > token.depth || next.isLast, "a call does not come to an end")
    expect(TurnToken(token.afterKey).depth == min(token.depth + 1, TurnToken.limit), "a turn is lost")
}

/// Nobody can guess the key, so whatever the simulator lets in is a fault.
private func checkAccess(_ text: String) {
    let token = try? Simulator.AccessToken(text, credentials: credentials, now: now * 1000)
    expect(token == nil, "a token without the right signature is taken")
}

/// Claims of the fuzzer's choice with a right signature; then a token as the gateway makes it.
private func checkSignedAccess(_ records: [[UInt8]]) {
    let header = TwilioProvider.AccessToken(accountSid: "", keySid: "", now: 0, expires: 0).header.bytes()
    let signed = TwilioProvider.AccessToken.sign(header: header, payload: records[0], secret: credentials.keySecret)
    if let token = try? Simulator.AccessToken(signed, credentials: credentials, now: now * 1000) {
        let claims = try? JSONValue(parsing: records[0])
        let expiry = claims?["exp"]?.int ?? 0
        expect(expiry > now && expiry <= now + 86_460, "expiry \(expiry) is taken")
        expect(!token.identity.isEmpty, "a token without identity is taken")
    }
    var made = TwilioProvider.AccessToken(
        accountSid: credentials.accountSID, keySid: credentials.keySID, now: now, expires: now + 3600)
    let identity = String(decoding: records.last ?? [], as: UTF8.self)
    made.identity = identity
    made.grants["video"] = ["room": "engine room"]
    let text = made.signed(secret: credentials.keySecret)
    let read = try? Simulator.AccessToken(text, credentials: credentials, now: now * 1000)
    expect((read?.identity == identity) != identity.isEmpty, "the gateway's own token is not taken")
}
