import PhoneNumbers

// The small languages of single values: numbers of telephones, dates, durations, amounts, rates, clocks, addresses,
// URLs and references, media types. What is read is written in a form that reads the same, and two readers of one
// format agree.
@testable import Gateway
@testable import HTTP
@testable import Simulator
@testable import TwilioProvider
@testable import Zones

/// Called by libFuzzer with each input: which reader, then its text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzValues(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    switch input.byte() % 8 {
    case 0: checkNumber(input.text)
    case 1: checkDates(input.text)
    case 2: checkInstant(input.integer())
    case 3: checkDuration(input.text)
    case 4: checkMoney(input.text)
    case 5: checkWords(input.text)
    case 6: checkURLs(input.text)
    default: checkExpansion(input.records.map { String(decoding: $0, as: UTF8.self) })
    }
    return 0
}

private func checkNumber(_ text: String) {
    guard let number = try? E164(parsing: text) else { return }
    expect((try? E164(parsing: number.text)) == number, "\(number.text) reads differently")
    expect(E164(digits: number.digits) == number, "its digits are another number")
    expect((8...16).contains(number.text.utf8.count), "\(number.text) has another length")
    expect(number.description.count - 1 <= number.text.count - 4, "\(number) hides less than four characters")
    _ = (number.country, number.range, number.hasPossibleLength)
}

private func checkDates(_ text: String) {
    do throws(DateTextError) {
        let instant = try DateText.parseRFC3339(text)
        expect((try? DateText.parseRFC3339(DateText.rfc3339(instant))) == instant, "the instant is lost")
        if let range = Clock.range(text), !text.contains(":60") {
            expect(range.contains(instant), "the simulator reads another instant")
        }
    } catch {
        expect((0...text.utf8.count).contains(error.offset), "offset \(error.offset)")
    }
    do throws(DateTextError) {
        let instant = try DateText.parseRFC2822(text)
        expect((try? DateText.parseRFC2822(DateText.rfc2822(instant))) == instant, "the instant is lost")
        if let other = MailDate.parse(text) { expect(other.milliseconds == instant, "two readers differ") }
    } catch {
        expect((0...text.utf8.count).contains(error.offset), "offset \(error.offset)")
    }
    _ = Clock.range(text)
}

private func checkInstant(_ milliseconds: Int64) {
    let shown = min(max(milliseconds, DateText.earliest), DateText.latest)
    expect((try? DateText.parseRFC3339(DateText.rfc3339(milliseconds))) == shown, "RFC 3339 loses the instant")
    let mail = DateText.rfc2822(milliseconds)
    let second = shown - Int64(floorRemainder(Int(shown), 1000))
    expect((try? DateText.parseRFC2822(mail)) == second, "RFC 2822 loses the instant")
    if shown >= 0 { expect(MailDate.parse(mail)?.milliseconds == second, "the provider's reader loses the instant") }
    if (0..<253_402_300_800_000).contains(milliseconds) {
        expect(Clock.rfc2822(milliseconds) == mail, "the simulator writes \(Clock.rfc2822(milliseconds)), not \(mail)")
    }
    let span = Duration.milliseconds(milliseconds)
    expect(span.milliseconds == milliseconds, "the span is lost")
    let time = Timestamp(milliseconds: milliseconds)
    _ = (time + span, time - Timestamp(milliseconds: 1))
}

private func checkDuration(_ text: String) {
    guard let span = Duration(written: text) else { return }
    expect(span >= .zero && span <= .seconds(366 * 86_400), "\(span) is too long")
    expect(Duration(written: span.written) == span, "\(span.written) reads differently")
    if let other = ScriptReader.milliseconds(text) { expect(other == span.milliseconds, "two readers differ") }
}

private func checkMoney(_ text: String) {
    if let money = Money(text) {
        expect(money.micros >= 0 && Money(money.text) == money, "\(money.text) reads differently")
    }
    _ = (ScalarText.rate(text), ScalarText.decimal(text), SMSSegments.firstOutsideGSM(in: text))
    let segments = SMSSegments.count(text)
    expect(segments.segments >= 1 && segments.units >= text.unicodeScalars.count, "\(segments)")
    expect(segments.units <= segments.segments * segments.encoding.single, "\(segments)")
}

private func checkWords(_ text: String) {
    if let minutes = ScalarText.clock(text) { expect((0...1440).contains(minutes), "\(minutes)") }
    if let number = ScalarText.integer(text) { expect(Int(text) == number, "\(number)") }
    if let recipient = JobCodec.recipient(text) {
        expect(JobCodec.recipient(JobCodec.text(of: recipient)) == recipient, "\(text) reads differently")
    }
    let address = ChannelAddress(text)
    expect(address.text == text && text.hasSuffix(address.value), "the address is another")
    if address.isNumber { expect((try? E164(parsing: address.value))?.text == address.value, "\(text) is no number") }
    _ = (ScalarText.isLocale(text), ScalarText.isName(text), ScalarText.isCountry(text), address.canSend)
}

private func checkURLs(_ text: String) {
    if let url = HTTPURL(text) {
        expect(HTTPURL(url.text) == url, "\(url.text) reads differently")
        expect((1...65535).contains(url.origin.port) && url.target.utf8.first == UInt8(ascii: "/"), "\(url)")
        expect(HTTPURL(WebhookTarget.resolve("", against: text)) == url, "a reference to itself leads elsewhere")
        expect(url.resolving(url.text) == url, "its own text leads elsewhere")
    }
    if let base = HTTPURL("https://a:8443/b/c?d"), let url = base.resolving(text) {
        let isOther = text.contains("//")
        expect(isOther || url.origin == base.origin, "\(text) leaves its origin")
        expect(!url.target.prefix { $0 != "?" }.contains("/../"), "\(url.target) has dots")
        expect(base.resolving(url.text) == url, "\(url.text) reads differently")
    }
    if let type = MediaTypes.type(of: text) {
        expect(MediaTypes.type(of: type) == type && type.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(type)")
    }
    if MediaTypes.isActive(start: Array(text.utf8)) {
        expect(MediaTypes.isActive(start: Array((" \n" + text).utf8)) || text.first != "<", "blanks hide \(text)")
    }
    if let base = BaseURL(text) {
        expect(BaseURL(base.text)?.text == base.text, "\(base.text) reads differently")
        let url = HTTPURL(base.text + "/")
        expect(url == nil || url?.origin.host == base.host, "\(base.host) is not the host that is called")
    }
    if let signed = SignedURL(text) {
        expect(SignedURL(signed.withPort)?.withPort == signed.withPort, "the port is not kept")
        expect(signed.forms.count <= 8 && signed.forms.contains(signed.withoutPort), "a form is missing")
    }
    if let address = HostAndPort(text) { expect(!address.host.isEmpty && address.port != nil, "\(address)") }
    _ = (WebhookTarget(text), WebhookTarget.isURL(text), WebhookTarget.resolve(text, against: "http://a/b/c?d"))
}

/// The source, then the value of `A`; nothing that is put in is looked at again.
private func checkExpansion(_ records: [String]) {
    let value = records.count > 1 ? records[1] : ""
    guard let expansion = try? VariableExpansion(records[0], environment: ["A": value]) else { return }
    if expansion.origin == .literal, !records[0].utf8.contains(UInt8(ascii: "$")) {
        expect(expansion.text.utf8.elementsEqual(records[0].utf8), "a literal changed")
    }
    let most = (records[0].utf8.count + 1) * (value.utf8.count + 1)
    expect(expansion.text.utf8.count <= most, "the text grew beyond its parts")
}
