import Gateway
import Testing
import VideoChannel

@Suite("Video")
struct VideoChannelTests {
    private let now = Timestamp(milliseconds: 1_760_000_000_123)

    @Test("a room is named in letters that need no escaping")
    func names() {
        let adapter = VideoAdapter()
        for good in ["a", "Survey_7.x-2", "...", String(repeating: "x", count: 110)] {
            #expect(adapter.isRoomName(good))
        }
        for bad in ["", "a b", "a/b", "é", "a~b", ".", "..", "a#b", "a?b", String(repeating: "x", count: 111)] {
            #expect(!adapter.isRoomName(bad), "\(bad)")
        }
    }

    @Test("a boat's room carries the boat's id, and is read back from it", arguments: ["7", "aurora_7.x", "a-b-1-2"])
    func boats(_ boat: String) throws {
        let adapter = VideoAdapter()
        let name = try #require(adapter.roomName(boat: boat, now: now, suffix: "ab12"))
        #expect(name == "yacht-inspection-\(boat)-1760000000123-ab12")
        #expect(adapter.isRoomName(name))
        #expect(adapter.boat(ofRoom: name) == boat)
    }

    @Test("the longest id of a boat makes a name that is short enough, and others have no boat")
    func limits() throws {
        let adapter = VideoAdapter()
        let boat = String(repeating: "b", count: 64)
        let name = try #require(adapter.roomName(boat: boat, now: now, suffix: "0123456789ab"))
        #expect(adapter.isRoomName(name))
        for bad in ["", "a b", "a/b", "a~", boat + "b"] {
            #expect(adapter.roomName(boat: bad, now: now, suffix: "ab12") == nil, "\(bad)")
        }
        for other in ["survey", "yacht-inspection-", "yacht-inspection-7", "yacht-inspection-7-x-ab12"] {
            #expect(adapter.boat(ofRoom: other) == nil, "\(other)")
        }
    }

    @Test("a room's request has a name and a size within the provider's range")
    func request() throws {
        let outbound = try VideoAdapter(maxParticipants: 1_000).request(for: ChannelCase.text, step: ChannelCase.room)
        #expect(outbound == .room(RoomRequest(name: "boat-7", maxParticipants: 50)))
        #expect(VideoAdapter().ineligibility(of: ChannelCase.text, step: ChannelCase.step) == .noAddress)
        let room = VideoAdapter().roomRequest(named: "a", maxParticipants: 1, maxDuration: .seconds(600))
        #expect(room.maxParticipants == 2 && room.maxDuration == .seconds(600))
        #expect(VideoAdapter().roomRequest(named: "a", maxParticipants: nil, maxDuration: nil).maxParticipants == 10)
    }

    @Test("a link carries the token where no server sees it")
    func link() {
        let adapter = VideoAdapter()
        let link = adapter.link(origin: "https://gw.example/", room: "0123~boat-7", token: "a.b.c")
        #expect(link == "https://gw.example/rooms/0123~boat-7#token=a.b.c")
        for bad in ["", "a/b", "..", "a b"] {
            #expect(adapter.link(origin: "https://gw.example", room: bad, token: "t") == nil)
        }
    }
}
