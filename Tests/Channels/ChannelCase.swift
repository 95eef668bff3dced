import Gateway
import SMSChannel
import Testing
import VideoChannel
import VoiceChannel
import WhatsAppChannel

/// An adapter with a content and a way that it must carry. A new adapter adds itself here and is held to the contract.
struct ChannelCase: CustomTestStringConvertible, Sendable {
    let name: String
    let adapter: any ChannelAdapter
    var content: StepContent
    var step: StepContext
    /// Numbers and token travel in the request; a room has none.
    var isAddressed = true

    var testDescription: String { name }

    static let all: [ChannelCase] = [
        ChannelCase(name: "sms", adapter: SMSAdapter(), content: text, step: step),
        ChannelCase(name: "mms", adapter: SMSAdapter(takesMedia: true), content: picture, step: step),
        ChannelCase(name: "whatsapp, window open", adapter: WhatsAppAdapter(), content: text, step: step),
        ChannelCase(name: "whatsapp, template", adapter: WhatsAppAdapter(), content: template, step: closed),
        ChannelCase(name: "voice", adapter: VoiceAdapter(), content: text, step: step),
        ChannelCase(name: "video", adapter: VideoAdapter(), content: text, step: room, isAddressed: false),
    ]

    static var text: StepContent { StepContent(text: "The pump runs. Please look.", language: "en") }

    static var picture: StepContent {
        var content = text
        content.media = ["https://cdn.example.com/a.jpg"]
        return content
    }

    static var template: StepContent {
        var content = text
        let sid = "HX00000000000000000000000000000001"
        content.template = TemplateContent(contentID: sid, variables: ["Ana\n", "12:30"])
        return content
    }

    static var step: StepContext { StepContext(from: "+41791234567", to: "+447700900142", token: "token-1") }

    static var closed: StepContext {
        var step = step
        step.windowIsOpen = false
        return step
    }

    static var room: StepContext {
        var step = step
        step.room = "boat-7"
        return step
    }
}
