import Forms
import Gateway
import Testing

@testable import TwilioProvider

@Suite("Conferences at Twilio")
struct ConferenceTests {
    private let signer = WebhookSigner()
    private let conferenceSid = "CF55555555555555555555555555555555"

    private var roster: ConferenceRoster {
        var conference = ConferenceRecord(
            id: participant("", 2).conference, tenant: "default", name: "survey", channel: "voice", provider: "twilio",
            at: Timestamp(milliseconds: 0))
        conference.providerID = conferenceSid
        var coached = participant("ana", 2)
        coached.providerID = Fixtures.callSid
        return ConferenceRoster(conference, [coached])
    }

    private func participant(_ label: String, _ raw: Int64) -> ConferenceParticipant {
        let ids = [RecordID(rawValue: raw), RecordID(rawValue: 70_000)].compactMap { $0 }
        return ConferenceParticipant(
            id: ids[0], conference: ids[1], number: "+447700900142", label: label, manners: ConferenceManners(),
            at: Timestamp(milliseconds: 0))
    }

    private func form(_ request: ProviderRequest) -> Form { Form(parsing: request.body) }

    @Test("the first call goes to the name, later ones to the id, each with all that keeps the roster")
    func invite() throws {
        var roster = roster
        var ben = participant("ben", 3)
        ben.manners.endsOnExit = true
        let later = try Fixtures.provider().inviteRequest(ben, to: roster, from: "+41791234567")
        #expect(later.url.hasSuffix("/Conferences/\(conferenceSid)/Participants.json") && later.method == "POST")
        let fields = form(later)
        #expect(fields["To"] == "+447700900142" && fields["From"] == "+41791234567" && fields["Label"] == "ben")
        #expect(fields["EndConferenceOnExit"] == "true" && fields["StartConferenceOnEnter"] == "true")
        #expect(fields["MaxParticipants"] == "250" && fields["Coaching"] == nil && fields["ConferenceRecord"] == nil)
        #expect(fields.all("ConferenceStatusCallbackEvent").count == 7)
        let callback = fields["ConferenceStatusCallback"] ?? ""
        #expect(
            callback == Fixtures.publicURL + "/webhooks/twilio/conference/status?c="
                + roster.conference.id.text(.conference))
        roster.conference.providerID = ""
        roster.conference.isRecorded = true
        ben.manners.coaches = "ana"
        let first = try Fixtures.provider().inviteRequest(ben, to: roster, from: "+41791234567")
        #expect(first.url.contains("/Conferences/survey~\(roster.conference.id.digits)/Participants.json"))
        #expect(form(first)["CallSidToCoach"] == Fixtures.callSid && form(first)["ConferenceRecord"] != nil)
        ben.manners.coaches = "eve"
        #expect(throws: ProviderError.self) {
            try Fixtures.provider().inviteRequest(ben, to: roster, from: "+41791234567")
        }
    }

    @Test("an answer says that somebody is called, surely not, not now, or nothing")
    func results() throws {
        let provider = try Fixtures.provider()
        let good = "{\"conference_sid\":\"\(conferenceSid)\",\"call_sid\":\"\(Fixtures.callSid)\"}"
        #expect(
            provider.inviteResult(of: Fixtures.answer(201, good))
                == .placed(conference: conferenceSid, call: Fixtures.callSid))
        guard case .refused(let failure) = provider.inviteResult(of: Fixtures.answer(400, "{\"code\":16020}")) else {
            Issue.record("a full conference is a refusal")
            return
        }
        #expect(failure.code == 16_020)
        for answer in [Fixtures.answer(429, "{\"code\":20429}"), ProviderAnswer.notSent(.connect)] {
            guard case .busy = provider.inviteResult(of: answer) else {
                Issue.record("surely not carried out")
                continue
            }
        }
        for answer in [
            Fixtures.answer(201, "{}"), Fixtures.answer(500, ""), Fixtures.answer(408, ""), .broken(.timeout),
        ] {
            #expect(provider.inviteResult(of: answer) == .unclear)
        }
    }

    @Test("a conference is looked for in the order of its states, and whoever is in it is read")
    func looking() throws {
        let provider = try Fixtures.provider()
        let asked = (0..<4).map { provider.conferenceSearchRequest(roster.conference, step: $0)?.url }
        #expect(asked[0]?.contains("Status=init") == true && asked[2]?.contains("Status=completed") == true)
        #expect(asked[3] == nil)
        let found = Fixtures.answer(200, "{\"conferences\":[{\"sid\":\"\(conferenceSid)\"}]}")
        #expect(try provider.conferenceSearchResult(of: found) == conferenceSid)
        #expect(try provider.conferenceSearchResult(of: Fixtures.answer(200, "{\"conferences\":[]}")).isEmpty)
        #expect(throws: ProviderError.self) { try provider.conferenceSearchResult(of: Fixtures.answer(503, "")) }
        let people = """
            {"participants":[{"call_sid":"CA1","label":"ana","status":"connected","muted":true,"hold":false},
            {"call_sid":"CA2","label":null,"status":"ringing"},{"call_sid":"CA3","status":"failed"}]}
            """
        let seats = try provider.rosterResult(of: Fixtures.answer(200, people))
        #expect(
            seats == [
                ConferenceSeat(call: "CA1", label: "ana", isConnected: true, isMuted: true, isHeld: false),
                ConferenceSeat(call: "CA2", label: nil, isConnected: false, isMuted: false, isHeld: false),
            ])
        #expect(try provider.rosterResult(of: Fixtures.answer(404, "{\"code\":20404}")).isEmpty)
    }

    @Test("what is changed is sent alone, and what came of it is read")
    func changes() throws {
        let provider = try Fixtures.provider()
        let ana = roster.participants[0]
        var change = SeatChange()
        change.isMuted = true
        change.coaches = ""
        let request = provider.changeRequest(change, of: ana, in: roster)
        #expect(request.url.hasSuffix("/Conferences/\(conferenceSid)/Participants/\(Fixtures.callSid).json"))
        #expect(String(decoding: request.body, as: UTF8.self) == "Muted=true&Coaching=false")
        #expect(provider.removeRequest(ana, from: roster.conference).method == "DELETE")
        #expect(String(decoding: provider.endRequest(roster.conference).body, as: UTF8.self) == "Status=completed")
        let announced = provider.announceRequest("https://cdn.example/a.mp3", in: roster.conference)
        #expect(form(announced)["AnnounceUrl"] == "https://cdn.example/a.mp3")
        try provider.changeResult(of: Fixtures.answer(204, ""))
        try provider.changeResult(of: Fixtures.answer(200, "{}"))
        for (status, code) in [(404, "gone"), (500, "no_answer"), (400, "refused")] {
            let error = #expect(throws: ProviderError.self) {
                try provider.changeResult(of: Fixtures.answer(status, "{\"code\":16022}"))
            }
            #expect(error?.code == code)
        }
    }

    @Test("reports are read with their numbers; what belongs to no conference of ours is not")
    func reports() throws {
        let hooks = try Fixtures.provider().webhooks
        let id = roster.conference.id
        func receive(_ event: String, _ more: [(String, String)] = [], c: String? = nil) -> WebhookEvent {
            let target = "/webhooks/twilio/conference/status?c=" + (c ?? id.text(.conference))
            let fields = [
                ("ConferenceSid", conferenceSid), ("SequenceNumber", "7"), ("StatusCallbackEvent", event),
            ]
            return hooks.receive(signer.post(target, fields + more))
        }
        func report(
            _ event: ConferenceReport.Event, _ person: ConferenceReport.Person? = nil
        ) -> WebhookEvent {
            .conference(
                ConferenceReport(conference: id, providerID: conferenceSid, sequence: 7, event, of: person))
        }
        #expect(receive("conference-start") == report(.started))
        #expect(
            receive("conference-end", [("ReasonConferenceEnded", "last-participant-left")])
                == report(.ended(reason: "last-participant-left")))
        let call = [("CallSid", Fixtures.callSid), ("ParticipantLabel", "ana"), ("Muted", "true"), ("Hold", "false")]
        let ana = ConferenceReport.Person(
            providerID: Fixtures.callSid, label: "ana", isMuted: true, isHeld: false)
        #expect(receive("participant-join", call) == report(.joined, ana))
        #expect(receive("participant-mute", call) == report(.changed, ana))
        #expect(
            receive("participant-leave", call + [("ParticipantCallStatus", "busy")])
                == report(
                    .left(status: "busy"), ana))
        for event in [
            receive("participant-join"), receive("participant-speech-start", call), receive("conference-start", c: "x"),
        ] {
            #expect(event == .ignored)
        }
    }
}
