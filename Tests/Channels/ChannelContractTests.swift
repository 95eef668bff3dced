import Gateway
import Testing
import TwilioProvider

@Suite("What every channel must hold")
struct ChannelContractTests {
    @Test("good content is carried, and eligible", arguments: ChannelCase.all)
    func carried(_ channel: ChannelCase) throws {
        #expect(channel.adapter.ineligibility(of: channel.content, step: channel.step) == nil)
        let request = try channel.adapter.request(for: channel.content, step: channel.step)
        guard channel.isAddressed else { return }
        switch request {
        case .message(let message):
            #expect(message.kind == channel.adapter.kind)
            #expect(message.from == channel.step.from)
            #expect(message.to == channel.step.to)
            #expect(message.token == channel.step.token)
        case .call(let call):
            #expect(call.from == channel.step.from)
            #expect(call.to == channel.step.to)
            #expect(call.token == channel.step.token)
            #expect(call.ringTimeout == channel.step.ringTimeout)
            #expect(call.maxDuration == channel.step.maxDuration)
        case .room: Issue.record("a room has no address")
        }
    }

    @Test("the same content gives the same request", arguments: ChannelCase.all)
    func deterministic(_ channel: ChannelCase) throws {
        let first = try channel.adapter.request(for: channel.content, step: channel.step)
        #expect(try channel.adapter.request(for: channel.content, step: channel.step) == first)
    }

    @Test("a provider that serves the kind can write the request", arguments: ChannelCase.all)
    func expressible(_ channel: ChannelCase) throws {
        let sid = "AC00000000000000000000000000000001"
        let provider = try Twilio(
            TwilioSettings(accountSid: sid, authToken: "t", publicURL: "https://gateway.example.org"))
        #expect(provider.kinds.contains(channel.adapter.kind))
        let outbound = try channel.adapter.request(for: channel.content, step: channel.step)
        #expect(try !provider.request(for: outbound).body.isEmpty)
    }

    @Test("capabilities make sense", arguments: ChannelCase.all)
    func capabilities(_ channel: ChannelCase) {
        let capabilities = channel.adapter.capabilities
        #expect(!capabilities.rates.isEmpty)
        #expect(capabilities.rates.allSatisfy { $0.perSecond > 0 && !$0.type.isEmpty })
        #expect(Set(capabilities.rates.map(\.type)).count == capabilities.rates.count)
        #expect(Set(capabilities.stepKeys).count == capabilities.stepKeys.count)
        #expect(capabilities.provesUpTo > .none)
        #expect(capabilities.provesUpTo < .acknowledged)
        #expect(!capabilities.hasServiceWindow || capabilities.hasTemplates)
        #expect((capabilities.intrusiveness == .call) == (channel.adapter.kind == .voice))
        let isWord = channel.adapter.kind.rawValue.utf8.allSatisfy { (97...122).contains($0) }
        #expect(isWord)
    }

    @Test("nothing to say is refused, and then not eligible either", arguments: ChannelCase.all)
    func empty(_ channel: ChannelCase) {
        var step = channel.step
        step.room = nil
        for text in ["", "\u{0}\u{1}"] {
            let content = StepContent(text: text, language: "en")
            expectRefusal(of: content, step: step, by: channel.adapter)
        }
    }

    @Test("media that a step insists on are carried or refused, never lost", arguments: ChannelCase.all)
    func requiredMedia(_ channel: ChannelCase) {
        guard channel.isAddressed else { return }
        var content = channel.content
        content.media = ["https://cdn.example.com/a.jpg"]
        content.requiresMedia = true
        do {
            let request = try channel.adapter.request(for: content, step: channel.step)
            guard case .message(let message) = request else {
                Issue.record("only messages carry media")
                return
            }
            #expect(!message.media.isEmpty)
            #expect(channel.adapter.capabilities.takesMedia)
        } catch {
            #expect(error.skip == .noMedia)
        }
    }

    @Test("hostile content neither crashes nor reaches an error's message", arguments: ChannelCase.all)
    func hostile(_ channel: ChannelCase) {
        let texts = [
            String(repeating: "secret ", count: 20_000), "secret \u{0}\u{202E}\u{FEFF}", "😀\u{200D}secret",
            "secret" + String(repeating: "\u{301}", count: 5_000), "{{1}} %s <Say>secret</Say> &amp;",
        ]
        for text in texts {
            var content = channel.content
            content.text = text
            content.spoken = text
            content.language = text
            content.template = content.template.map { TemplateContent(contentID: $0.contentID, variables: [text, ""]) }
            do {
                _ = try channel.adapter.request(for: content, step: channel.step)
                #expect(channel.adapter.ineligibility(of: content, step: channel.step) == nil)
            } catch {
                #expect(!error.message.contains("secret"))
                expectRefusal(of: content, step: channel.step, by: channel.adapter)
            }
        }
    }

    private func expectRefusal(of content: StepContent, step: StepContext, by adapter: any ChannelAdapter) {
        do {
            let request = try adapter.request(for: content, step: step)
            Issue.record("\(request) should have been refused")
        } catch {
            #expect(!error.code.isEmpty)
            #expect(error.code.utf8.allSatisfy { (97...122).contains($0) || $0 == 0x5F })
            #expect(!error.message.isEmpty)
            #expect(adapter.ineligibility(of: content, step: step) == error.skip)
        }
    }
}
