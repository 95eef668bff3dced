import Gateway
import JSON
import Testing

@testable import TwilioProvider

@Suite("Answers to create requests")
struct ResultTests {
    private func result(
        _ status: Int, _ body: String, _ headers: [ProviderField] = [], of outbound: OutboundRequest? = nil
    ) throws -> SendResult {
        try Fixtures.provider().result(
            of: Fixtures.answer(status, body, headers), for: outbound ?? .message(Fixtures.message))
    }

    @Test("a created message is accepted with its id")
    func created() throws {
        let sid = Fixtures.messageSid
        var report = AttemptReport(.accepted, status: .queued)
        report.providerID = sid
        let answer = try result(201, #"{"sid":"\#(sid)","status":"queued","error_code":null}"#)
        #expect(answer == .accepted(providerID: sid, report: report))
    }

    @Test("a created call is accepted with its id")
    func createdCall() throws {
        let sid = Fixtures.callSid
        var report = AttemptReport(.accepted, status: .queued)
        report.providerID = sid
        let answer = try result(201, #"{"sid":"\#(sid)","status":"queued"}"#, of: .call(Fixtures.call))
        #expect(answer == .accepted(providerID: sid, report: report))
    }

    @Test(
        "a created answer that cannot be read is ambiguous, not refused", arguments: ["", "{", "[]", #"{"sid":"x"}"#])
    func unreadable(_ body: String) throws {
        #expect(try result(201, body) == .ambiguous(code: 201))
    }

    @Test("429 is surely not processed and waits as long as it says")
    func rateLimited() throws {
        let body = #"{"code":20429,"message":"Too Many Requests","status":429}"#
        let answer = try result(429, body, [ProviderField("retry-after", "2")])
        #expect(answer == .refused(ProviderFailure(.rateLimited, .after(retryAfter: .seconds(2)), code: 20429)))
        let plain = try result(429, "slow down", [ProviderField("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")])
        #expect(plain == .refused(ProviderFailure(.rateLimited, .after(retryAfter: nil))))
    }

    @Test(
        "hostile Retry-After values neither crash nor wait for ever", arguments: ["-1", "nan", "inf", "1e999", "1e300"])
    func retryAfter(_ value: String) throws {
        let waited = Twilio.retryAfter(Fixtures.answer(429, "", [ProviderField("Retry-After", value)]))
        #expect(waited == nil || waited == .seconds(86_400))
    }

    @Test("bad credentials stop the sender, with or without a code", arguments: [401, 403])
    func credentials(_ status: Int) throws {
        #expect(try result(status, "") == .refused(ProviderFailure(.auth, .stopSender)))
        let coded = try result(status, #"{"code":20003,"message":"Authenticate","status":401}"#)
        #expect(coded == .refused(ProviderFailure(.auth, .stopSender, code: 20003)))
        let odd = try result(status, #"{"code":77777}"#)
        #expect(odd == .refused(ProviderFailure(.auth, .stopSender, code: 77777)))
    }

    @Test("every 5xx, a broken and an interrupted exchange may have been processed")
    func ambiguous() throws {
        let provider = try Fixtures.provider()
        for status in [500, 502, 503, 504, 599] { #expect(try result(status, "") == .ambiguous(code: Int32(status))) }
        #expect(try result(503, #"{"code":20503}"#) == .ambiguous(code: 20503))
        #expect(try result(408, "") == .ambiguous(code: 408))
        for fault in [ExchangeFault.timeout, .closed, .badResponse, .tooLarge] {
            #expect(provider.result(of: .broken(fault), for: .message(Fixtures.message)) == .ambiguous(code: 0))
        }
    }

    @Test("a request that was not written is surely not processed", arguments: [ExchangeFault.dns, .connect, .tls])
    func notSent(_ fault: ExchangeFault) throws {
        let answer = try Fixtures.provider().result(of: .notSent(fault), for: .call(Fixtures.call))
        #expect(answer == .refused(ProviderFailure(.unavailable, .after(retryAfter: nil))))
    }

    @Test("an unknown code is unknown and tried later; a code that is no number is none")
    func unknownCodes() throws {
        let after = FailureAdvice.after(retryAfter: nil)
        #expect(try result(400, #"{"code":99999}"#) == .refused(ProviderFailure(.unknown, after, code: 99999)))
        #expect(try result(400, #"{"code":9999999999999}"#) == .refused(ProviderFailure(.unknown, after)))
        #expect(try result(404, "<html>") == .refused(ProviderFailure(.unknown, after)))
        #expect(try result(413, "") == .refused(ProviderFailure(.content, .hold)))
        #expect(try result(302, "") == .refused(ProviderFailure(.unknown, .hold)))
    }

    @Test("a number's faults mark it, a channel's mark it unfit, a blocked one asks for consent")
    func classified() throws {
        func failure(_ code: Int) throws -> ProviderFailure? {
            guard case .refused(let failure) = try result(400, #"{"code":\#(code)}"#) else { return nil }
            return failure
        }
        #expect(try failure(21211) == ProviderFailure(.invalidRecipient, .otherAddress, code: 21211))
        #expect(try failure(21614) == ProviderFailure(.invalidRecipient, .now, code: 21614, marksUnfit: true))
        #expect(try failure(63024) == ProviderFailure(.invalidRecipient, .now, code: 63024, marksUnfit: true))
        #expect(try failure(21610) == ProviderFailure(.optedOut, .consent, code: 21610))
        #expect(try failure(63016) == ProviderFailure(.outsideWindow, .template, code: 63016))
        #expect(try failure(21606) == ProviderFailure(.invalidSender, .provider, code: 21606))
        #expect(try failure(21617) == ProviderFailure(.content, .hold, code: 21617))
        #expect(try failure(21612)?.marksUnfit == false)
    }

    @Test("every code of the list is classified as the list says")
    func table() throws {
        let entries = Fixtures.entries("twilio-errors.json", "codes")
        #expect(entries.count == 232)
        let classes: [String: FailureClass] = [
            "ratelimited": .rateLimited, "auth": .auth, "invalid-recipient": .invalidRecipient,
            "invalid-sender": .invalidSender, "opted-out": .optedOut, "content-rejected": .content,
            "outside-session-window": .outsideWindow, "provider-down": .unavailable, "retryable": .unavailable,
            "unknown": .unknown,
        ]
        let advice: [String: FailureAdvice] = [
            "now": .now, "now-other-address": .otherAddress, "provider": .provider, "template": .template,
            "consent-only": .consent, "after-retries": .after(retryAfter: nil), "n/a": .after(retryAfter: nil),
        ]
        for entry in entries {
            let code = try #require(Int32(exactly: entry["code"]?.int ?? 0))
            let failure = TwilioErrors.failure(code: code)
            #expect(failure.code == code)
            #expect(failure.failureClass == classes[entry["class"]?.string ?? ""], "\(code)")
            if failure.advice == .stopSender {
                #expect(failure.failureClass == .auth, "\(code)")
            } else if let wanted = advice[entry["fallback"]?.string ?? ""] {
                #expect(failure.advice == wanted, "\(code)")
            } else {
                let mayRepeat = [.rateLimited, .unavailable].contains(failure.failureClass)
                #expect(failure.advice == (mayRepeat ? .after(retryAfter: nil) : .hold), "\(code)")
            }
        }
    }
}
