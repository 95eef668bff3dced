import Testing

@testable import Gateway

@Suite("the circuit of a provider")
struct ProviderBreakerTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    private func opened() -> ProviderBreaker {
        var breaker = ProviderBreaker()
        for channel in ["sms", "sms", "voice", "sms"] { #expect(breaker.failed(channel, at: now) == false) }
        #expect(breaker.failed("sms", at: now) == true)
        return breaker
    }

    @Test("opens after five failures in a row over more than one sender")
    func opens() {
        let breaker = opened()
        #expect(breaker.hold == .circuitOpen)
        #expect(breaker.opensAt == now + .seconds(10))
    }

    @Test("stays closed while one sender alone fails, and the next failure of another opens it")
    func oneSender() {
        var breaker = ProviderBreaker()
        for _ in 0..<100 { #expect(breaker.failed("sms", at: now) == false) }
        #expect(breaker.hold == nil)
        #expect(breaker.failed("voice", at: now) == true)
    }

    @Test("without a connection one sender speaks for all")
    func unreachable() {
        var breaker = ProviderBreaker()
        for _ in 0..<4 { #expect(breaker.failed("sms", isUnreachable: true, at: now) == false) }
        #expect(breaker.failed("sms", isUnreachable: true, at: now) == true)
        #expect(breaker.hold == .circuitOpen)
    }

    @Test("a good answer between failures starts the count anew")
    func interrupted() {
        var breaker = ProviderBreaker()
        for channel in ["sms", "voice", "sms", "voice"] { #expect(breaker.failed(channel, at: now) == false) }
        #expect(breaker.succeeded() == false)
        #expect(breaker.failed("sms", at: now) == false)
        #expect(breaker.hold == nil)
    }

    @Test("half open, one request probes; one that says nothing lets the next one probe")
    func probe() {
        var breaker = opened()
        breaker.began(1)
        #expect(breaker.halfOpen(at: now + .seconds(9)) == false)
        #expect(breaker.halfOpen(at: now + .seconds(10)) == true)
        #expect(!breaker.isProbing)
        breaker.began(2)
        breaker.began(3)
        #expect(breaker.isProbing)
        breaker.ended(1)
        breaker.ended(3)
        #expect(breaker.isProbing)
        breaker.ended(2)
        #expect(!breaker.isProbing)
        #expect(breaker.hold == nil)
    }

    @Test("the probe's answer closes it, its failure opens it for longer")
    func outcome() {
        var breaker = opened()
        #expect(breaker.halfOpen(at: now + .seconds(10)) == true)
        breaker.began(2)
        #expect(breaker.failed("voice", at: now + .seconds(11)) == true)
        breaker.ended(2)
        #expect(breaker.opensAt == now + .seconds(31))
        #expect(breaker.halfOpen(at: now + .seconds(31)) == true)
        breaker.began(4)
        #expect(breaker.succeeded() == true)
        breaker.ended(4)
        #expect(breaker == ProviderBreaker())
    }
}
