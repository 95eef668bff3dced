import Gateway
import SMSChannel
import Testing
import WhatsAppChannel

@Suite("SMS and WhatsApp")
struct TextChannelTests {
    private func message(
        _ adapter: some ChannelAdapter, _ content: StepContent, _ step: StepContext = ChannelCase.step
    ) throws -> MessageRequest {
        guard case .message(let message) = try adapter.request(for: content, step: step) else {
            throw ChannelError("no_message", "not a message", skip: .noTemplate)
        }
        return message
    }

    private func code(
        _ adapter: some ChannelAdapter, _ content: StepContent, _ step: StepContext = ChannelCase.step
    ) -> String? {
        do {
            _ = try adapter.request(for: content, step: step)
            return nil
        } catch { return error.code }
    }

    @Test("an SMS has at most 1600 characters")
    func limit() {
        var content = ChannelCase.text
        content.text = String(repeating: "é", count: 1_600)
        #expect(code(SMSAdapter(), content) == nil)
        content.text += "x"
        #expect(code(SMSAdapter(), content) == "too_long")
    }

    @Test("control characters do not reach a handset, line breaks do")
    func cleaned() throws {
        var content = ChannelCase.text
        content.text = "a\u{0}b\r\nc\td\u{7}\u{85}é"
        #expect(try message(SMSAdapter(), content).text == "ab\ncdé")
        #expect(try message(WhatsAppAdapter(), content).text == "ab\ncdé")
    }

    @Test("a control character is found wherever it stands, and nothing else is taken for one", arguments: 0..<20)
    func controls(place: Int) throws {
        let odd: [Unicode.Scalar] = ["\u{7F}", "\u{80}", "\u{9F}", "\u{A0}", "é", "\u{7FF}", "€", "\u{1F6A2}"]
        for scalar in (0..<0x80).map({ Unicode.Scalar(UInt8($0)) }) + odd {
            var text = String.UnicodeScalarView(String(repeating: "a", count: place).unicodeScalars)
            text.append(scalar)
            text.append(contentsOf: "~ zz zz zz\n!".unicodeScalars)
            var content = ChannelCase.text
            content.text = String(text)
            var expected = text
            expected.removeAll { $0.properties.generalCategory == .control && $0 != "\n" }
            #expect(try message(SMSAdapter(), content).text == String(expected))
        }
    }

    @Test("media travel only where the sender carries them")
    func media() throws {
        #expect(try message(SMSAdapter(), ChannelCase.picture).media.isEmpty)
        #expect(try message(SMSAdapter(takesMedia: true), ChannelCase.picture).media.count == 1)
        #expect(!SMSAdapter().capabilities.takesMedia)
        var content = ChannelCase.picture
        content.media = (0..<20).map { "https://cdn.example.com/\($0)" }
        #expect(try message(SMSAdapter(takesMedia: true), content).media.count == 10)
        #expect(try message(WhatsAppAdapter(), content).media == ["https://cdn.example.com/0"])
    }

    @Test("a media alone is a message where it can be carried")
    func mediaAlone() throws {
        var content = ChannelCase.picture
        content.text = ""
        #expect(try message(SMSAdapter(takesMedia: true), content).text.isEmpty)
        #expect(code(SMSAdapter(), content) == "no_text")
        #expect(try message(WhatsAppAdapter(), content).media.count == 1)
    }

    @Test("free text goes while the window is open, the template when it is closed or asked for")
    func window() throws {
        let content = ChannelCase.template
        #expect(try message(WhatsAppAdapter(), content).template == nil)
        #expect(try message(WhatsAppAdapter(), content).text == content.text)
        let closed = try message(WhatsAppAdapter(), content, ChannelCase.closed)
        #expect(closed.text.isEmpty)
        #expect(closed.template?.contentID == content.template?.contentID)
        var asked = ChannelCase.step
        asked.useTemplate = true
        #expect(try message(WhatsAppAdapter(), content, asked).template != nil)
    }

    @Test("outside the window and without a template the step is skipped for that reason")
    func noTemplate() {
        let reason = WhatsAppAdapter().ineligibility(of: ChannelCase.text, step: ChannelCase.closed)
        #expect(reason == .noTemplate)
    }

    @Test("a template's variables have no line breaks, tabs or runs of blanks, and none is empty")
    func variables() throws {
        var content = ChannelCase.template
        content.template?.variables = [" a\n\n b\t\u{0}c     d ", "é"]
        let sent = try message(WhatsAppAdapter(), content, ChannelCase.closed)
        #expect(sent.template?.variables == ["a b c d", "é"])
        content.template?.variables = ["a", " \n"]
        #expect(code(WhatsAppAdapter(), content, ChannelCase.closed) == "empty_variable")
    }
}
