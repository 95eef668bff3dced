import JSON

/// A participant of a room.
final class RoomParticipant {
    let sid: String
    let identity: String
    let started: Int64
    var ended: Int64?

    init(sid: String, identity: String, at time: Int64) {
        self.sid = sid
        self.identity = identity
        started = time
    }

    /// `connected` or `disconnected`.
    var status: String { ended == nil ? "connected" : "disconnected" }
    /// Whole seconds.
    var duration: Int64? { ended.map { ($0 - started) / 1000 } }

    /// The resource in the field order of the API's description.
    func json(account: String, room: String, url: String) -> JSONValue {
        let url = "\(url)/Participants/\(sid)"
        return [
            "sid": .string(sid), "room_sid": .string(room), "account_sid": .string(account), "status": .string(status),
            "identity": .string(identity), "date_created": .string(Clock.iso(started)),
            "date_updated": .string(Clock.iso(ended ?? started)), "start_time": .string(Clock.iso(started)),
            "end_time": ended.map { .string(Clock.iso($0)) } ?? .null,
            "duration": duration.map { .integer($0) } ?? .null,
            "url": .string(url),
            "links": [
                "subscribed_tracks": .string(url + "/SubscribedTracks"),
                "published_tracks": .string(url + "/PublishedTracks"),
                "subscribe_rules": .string(url + "/SubscribeRules"),
                "anonymize": .string(url + "/Anonymize"),
            ],
        ]
    }
}

/// A video room.
final class Room {
    let sid: String
    let uniqueName: String
    let created: Int64
    var updated: Int64
    var ended: Int64?
    var type = "group"
    var maxParticipants: Int64 = 50
    var callback: (url: String, method: String)?
    var recordsOnConnect = false
    var codecs = ["VP8", "H264"]
    var mediaRegion: String?
    var isAudioOnly = false
    /// Minutes.
    var emptyTimeout: Int64 = 5
    /// Minutes.
    var unusedTimeout: Int64 = 5
    /// Seconds.
    var maxDuration: Int64 = 14_400
    var participants: [RoomParticipant] = []
    var sequence = 0
    /// Ends the room when nobody is in it.
    var timer: Int?

    init(sid: String, uniqueName: String?, at time: Int64) {
        self.sid = sid
        self.uniqueName = uniqueName ?? sid
        created = time
        updated = time
    }

    /// `in-progress` or `completed`.
    var status: String { ended == nil ? "in-progress" : "completed" }
    /// Those who are in it.
    var connected: [RoomParticipant] { participants.filter { $0.ended == nil } }

    /// The resource in the field order of the API's description.
    func json(account: String, base: String) -> JSONValue {
        let url = "\(base)/\(sid)"
        return [
            "sid": .string(sid), "status": .string(status), "date_created": .string(Clock.iso(created)),
            "date_updated": .string(Clock.iso(updated)), "account_sid": .string(account), "enable_turn": true,
            "unique_name": .string(uniqueName), "status_callback": callback.map { .string($0.url) } ?? .null,
            "status_callback_method": .string(callback?.method ?? "POST"),
            "end_time": ended.map { .string(Clock.iso($0)) } ?? .null,
            "duration": ended.map { .integer(($0 - created) / 1000) } ?? .null, "type": .string(type),
            "max_participants": .integer(maxParticipants), "max_participant_duration": .integer(maxDuration),
            "max_concurrent_published_tracks": 170, "record_participants_on_connect": .bool(recordsOnConnect),
            "video_codecs": .array(codecs.map { .string($0) }),
            "media_region": mediaRegion.map { .string($0) } ?? .null,
            "audio_only": .bool(isAudioOnly), "empty_room_timeout": .integer(emptyTimeout),
            "unused_room_timeout": .integer(unusedTimeout), "large_room": false, "url": .string(url),
            "links": [
                "recordings": .string(url + "/Recordings"), "participants": .string(url + "/Participants"),
                "recording_rules": .string(url + "/RecordingRules"), "transcriptions": .string(url + "/Transcriptions"),
            ],
        ]
    }
}
