import JSON
import Testing

@testable import Assembly

@Suite("Timeline words")
struct TimelineWordsTests {
    @Test(
        "every event has its words and tone",
        arguments: [
            (#"{"event":"accepted"}"#, "stored", .plain),
            (#"{"event":"skipped","step":2,"reason":"no_consent"}"#, "step 2 skipped: no_consent", .caution),
            (#"{"event":"held","step":1,"reason":"quiet_hours"}"#, "held: quiet_hours", .caution),
            (#"{"event":"failed","step":1,"outcome":"timeout"}"#, "step 1 is over: timeout", .bad),
            (#"{"event":"superseded","step":1}"#, "step 1 left behind, still heard", .faint),
            (#"{"event":"delegated","step":2,"channel":"group:crew"}"#, "step 2 goes to group:crew", .plain),
            (
                #"{"event":"delegated","step":1,"channel":"broadcast"}"#, "step 1 goes out on all channels at once",
                .plain
            ),
            (#"{"event":"delegation_ended","step":2,"result":"nobody"}"#, "step 2 has nobody to go to", .caution),
            (#"{"event":"delegation_ended","step":2,"result":"satisfied"}"#, "step 2 reached somebody", .good),
            (
                #"{"event":"delegation_ended","step":2,"result":"ended"}"#, "step 2 reached nobody who answered",
                .caution
            ),
            (
                #"{"event":"round_opened","starts":"2026-11-23T12:00:00.000Z"}"#,
                "another round begins at 2026-11-23T12:00:00.000Z", .caution
            ),
            (#"{"event":"submitted","attempt":1}"#, "accepted by the provider", .plain),
            (
                #"{"event":"refused","attempt":1,"class":"recipient","code":21211}"#,
                "refused by the provider: recipient, code 21211", .bad
            ),
            (
                #"{"event":"refused","attempt":1,"class":"recipient","code":0}"#,
                "refused by the provider: recipient", .bad
            ),
            (#"{"event":"ambiguous","attempt":1}"#, "no clear answer from the provider", .caution),
            (#"{"event":"looked_up","attempt":1,"found":null}"#, "asked the provider: nothing certain", .plain),
            (#"{"event":"looked_up","attempt":1,"found":true}"#, "asked the provider: it has the message", .plain),
            (#"{"event":"evidence","attempt":1,"level":"read","status":"read"}"#, "read", .good),
            (#"{"event":"evidence","attempt":1,"level":"sent","status":"unknown"}"#, "sent", .plain),
            (#"{"event":"evidence","attempt":1,"level":"delivered","status":"human"}"#, "delivered (human)", .good),
            (#"{"event":"call","attempt":1,"progress":"ringing"}"#, "rings", .plain),
            (#"{"event":"call","attempt":1,"progress":"answered"}"#, "answered", .good),
            (#"{"event":"call","attempt":1,"progress":"ended"}"#, "call ended", .plain),
            (
                #"{"event":"replied","attempt":1}"#,
                "a text may answer it: the provider is asked whether it went out", .plain
            ),
            (#"{"event":"recalled","attempt":1}"#, "recalled", .faint),
            (
                #"{"event":"bundled","attempt":1,"with":["dlv_1","dlv_2"]}"#, "one call, bundled with dlv_1, dlv_2",
                .plain
            ),
            (#"{"event":"possible_duplicate","attempt":1}"#, "sent again: the person may get it twice", .caution),
            (#"{"event":"duplicate_exposure"}"#, "reached the person twice", .caution),
            (#"{"event":"acknowledged"}"#, "acknowledged", .good),
            (#"{"event":"acknowledged","attempt":1,"by":"key"}"#, "acknowledged by key 1", .good),
            (#"{"event":"acknowledged","attempt":1,"by":"reply"}"#, "acknowledged by the person", .good),
            (
                #"{"event":"clock_set","step":1,"clock":"deliver_within","due":"1970-01-01T00:03:00.250Z"}"#,
                "clock deliver_within runs to +3m00.250s", .faint
            ),
            (#"{"event":"rejected","attempt":1}"#, "refused by the person", .bad),
            (
                #"{"event":"details","attempt":1,"details":{"error":"Blocked","channel_error":"131026","other":{"X":"y"}}}"#,
                "the provider adds: Blocked; 131026; X=y", .faint
            ),
            (#"{"event":"priced","attempt":2,"amount":"0.0075"}"#, "the provider takes 0.0075 for attempt 2", .faint),
            (
                #"{"event":"review_asked","until":"2026-11-24T12:00:00.000Z"}"#,
                "waits for approval until 2026-11-24T12:00:00.000Z", .caution
            ),
            (#"{"event":"approved"}"#, "approved", .good),
            (#"{"event":"dismissed"}"#, "review dismissed", .caution),
            (#"{"event":"ended","state":"satisfied","late":true}"#, "done: satisfied, late", .good),
            (#"{"event":"ended","state":"cancelled","late":false}"#, "done: cancelled", .caution),
            (#"{"event":"ended","state":"exhausted","late":false}"#, "done: exhausted", .bad),
        ] as [(String, String, Paint.Tone)])
    func words(entry: String, text: String, tone: Paint.Tone) throws {
        let words = TimelineWords(try JSONValue(parsing: entry))
        #expect(words.text == text)
        #expect(words.tone == tone)
    }

    @Test("an event of a later version is shown with its members")
    func unknown() throws {
        let entry = #"{"at":"x","delivery":"d","event":"teleported","step":1,"channel":"sms","to":"moon","n":3}"#
        #expect(TimelineWords(try JSONValue(parsing: entry)).text == "teleported step=1 to=moon n=3")
    }

    @Test("an entry without anything is an empty line", arguments: ["{}", "[]", "null", "7"])
    func empty(entry: String) throws {
        #expect(TimelineWords(try JSONValue(parsing: entry)).text.isEmpty)
    }
}
