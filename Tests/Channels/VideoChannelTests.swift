import Gateway
import Testing
import TwilioProvider
import VideoChannel

@Suite("Video")
struct VideoChannelTests {
    @Test("a room is named after the boat, in letters that need no escaping")
    func names() {
        #expect(VideoRoom.name(boat: "aurora_7.x") == "boat-aurora_7.x")
        for bad in ["", "a b", "a/b", "é", "..", String(repeating: "x", count: 129)] {
            #expect(VideoRoom.name(bad) == nil)
        }
    }

    @Test("a room's request has a name and a size within the provider's range")
    func request() throws {
        let outbound = try VideoAdapter(maxParticipants: 1_000).request(for: ChannelCase.text, step: ChannelCase.room)
        #expect(outbound == .room(RoomRequest(name: "boat-7", maxParticipants: 50)))
        #expect(VideoAdapter().ineligibility(of: ChannelCase.text, step: ChannelCase.step) == .noAddress)
    }

    @Test("an invitation carries the token where no server sees it")
    func invitation() throws {
        var settings = TwilioSettings(
            accountSid: "AC00000000000000000000000000000001", authToken: "t", publicURL: "https://gw.example")
        settings.apiKeySid = "SK00000000000000000000000000000002"
        settings.apiKeySecret = "s"
        let provider = try Twilio(settings)
        let now = Timestamp(milliseconds: 1_760_000_000_000)
        let invitation = try VideoRoom.invitation(
            identity: "ana", room: "boat-7", lifetime: .seconds(600), now: now, publicURL: "https://gw.example/",
            provider: provider)
        #expect(invitation.link == "https://gw.example/rooms/boat-7#token=" + invitation.token)
        #expect(invitation.token.split(separator: ".").count == 3)
        #expect(throws: ProviderError.self) {
            try VideoRoom.invitation(
                identity: "ana", room: "a/b", lifetime: .seconds(600), now: now, publicURL: "https://gw.example",
                provider: provider)
        }
    }
}
