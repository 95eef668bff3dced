import Gateway
import JSON
import Testing

@Suite("Stories of menus")
struct MenuStories {
    static let owner = StoryConfiguration.owner
    static let support = "+41791100001"
    static let second = "+41791100002"

    /// A gateway whose menus these are, with a verified owner of one boat.
    private func gateway(_ menus: String, phones: JSONObject = [:], begins: String? = nil) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.inbound = "    - { name: calls, do: [{ menu: main }] }"
        story.menus = menus
        story.phones = .object(phones)
        if let begins { story.begins = begins }
        let gateway = try VirtualGateway(story)
        try putOwner(gateway)
        return gateway
    }

    private func putOwner(_ gateway: VirtualGateway) throws {
        var ann = ContactRecord(id: "ann", name: "Ann")
        ann.addresses = [ContactAddress(kind: "phone", value: Self.owner, verified: true)]
        try gateway.store.put(ann)
        var boat = BoatRecord(id: "luna", name: "Luna")
        boat.contacts = [BoatContact(contact: "ann", role: "owner")]
        try gateway.store.put(boat)
    }

    private func call(
        _ gateway: VirtualGateway, _ steps: JSONValue, more: JSONObject = [:], for span: Duration = .seconds(600)
    ) throws {
        var body: JSONObject = ["to": .string(StoryConfiguration.sender), "do": steps]
        for (key, value) in more.members { body[key] = value }
        try gateway.control("POST", "phones/\(Self.owner)/call", .object(body))
        gateway.run(for: span)
    }

    /// The documents that calls were answered with, in order.
    private func documents(_ gateway: VirtualGateway) -> [String] {
        gateway.received.compactMap { received in
            received.answer.map { String(decoding: $0.body, as: UTF8.self) }
        }.filter { $0.contains("<Response") }
    }

    private func reasons(_ gateway: VirtualGateway) throws -> [String] { try gateway.reviewsOfAll().map(\.reason) }

    static let plain = """
          main:
            say: { en: "Press 1 or say warranty.", de: "Taste 1 oder Garantie." }
            gather: { timeout: 5s, speech: true }
            repeat: 2
            finally: { say: { en: "Nobody there?" }, review: silent }
            options:
              "1": { words: [my warranty, Garantie], review: warranty }
              "4": { language: de, menu: main }
              "#": { review: hash }
            otherwise: { say: { en: "Invalid." }, menu: main }
        """

    @Test("whoever chooses nothing is asked again as often as it says, and then let go")
    func silence() throws {
        let gateway = try gateway(Self.plain)
        try call(gateway, [["hear": "10m"]])
        let heard = documents(gateway)
        #expect(heard.filter { $0.contains("Press 1") }.count == 3)
        #expect(heard.last?.contains("Nobody there?") == true && heard.last?.contains("<Hangup />") == true)
        #expect(try reasons(gateway) == ["silent"])
    }

    @Test("wrong keys count like silence, so that no call goes on for ever")
    func wrong() throws {
        let gateway = try gateway(Self.plain)
        let keys: [JSONValue] = (0..<6).flatMap { _ in [["hear": "1s"], ["press": "7"]] as [JSONValue] }
        try call(gateway, .array(keys))
        #expect(documents(gateway).filter { $0.contains("Invalid.") }.count == 2)
        #expect(try reasons(gateway) == ["silent"])
    }

    @Test(
        "what is said chooses like a key: words within a sentence, or the digit itself",
        arguments: [
            ("It is about my Warranty, please", "warranty"), ("GARANTIE", "warranty"), ("one, 1", "warranty"),
        ])
    func speech(said: String, reason: String) throws {
        let gateway = try gateway(Self.plain)
        try call(gateway, [["hear": "1s"], ["say": .string(said)], ["hear": "5s"]])
        #expect(try reasons(gateway) == [reason])
        let asked = documents(gateway).first ?? ""
        #expect(asked.contains("input=\"dtmf speech\"") && asked.contains("hints=\"my warranty,Garantie\""))
    }

    @Test("the hash is a key where a menu has one")
    func hash() throws {
        let gateway = try gateway(Self.plain)
        try call(gateway, [["hear": "1s"], ["press": "#"], ["hear": "5s"]])
        #expect(try reasons(gateway) == ["hash"])
        #expect(documents(gateway).first?.contains("finishOnKey=\"\"") == true)
    }

    @Test("a language is kept until the end of the call")
    func language() throws {
        let gateway = try gateway(Self.plain)
        try call(gateway, [["hear": "1s"], ["press": "4"], ["hear": "1s"], ["press": "9"], ["hear": "1m"]])
        let heard = documents(gateway)
        #expect(heard[0].contains("Press 1"))
        #expect(heard.dropFirst().prefix(3).allSatisfy { $0.contains("Taste 1") && $0.contains("de-DE") })
    }

    static let dialled = """
          main:
            say: { en: "Press 3." }
            gather: { timeout: 5s }
            options:
              "3":
                dial: ["\(support)", "\(second)"]
                ring: 20s
                whisper: { en: "A call from NaviDocs. Press a key." }
                accept: true
                otherwise: { say: { en: "Nobody is there." }, voicemail: { max: 30s, transcribe: true } }
        """

    @Test("nobody picks up: the caller leaves a message, which is filed with its sound and its words")
    func voicemail() throws {
        let gateway = try gateway(
            Self.dialled, phones: [Self.support: ["voice": ["ring": "1m", "outcome": "no_answer"]]])
        try call(
            gateway,
            [
                ["hear": "1s"], ["press": "3"], ["wait": "23s"], ["say": "My bilge pump makes a noise"], ["wait": "3s"],
                "hangup",
            ])
        #expect(try reasons(gateway) == ["voicemail"])
        let inbound = try gateway.store.inbound(before: nil, limit: 9)
        #expect(inbound.count == 2, "the call and the message")
        let message = try #require(inbound.first)
        #expect(message.from == Self.owner && message.contact == "ann" && message.channel == "voice")
        let body = try JSONValue(parsing: message.body)
        #expect(body["text"] == "My bilge pump makes a noise")
        #expect(body["recording"]?["of"] == .string(inbound[1].id.text(.inbound)))
        #expect(body["recording"]?["menu"] == "main")
        #expect(body["media"]?.array?.count == 1)
        let media = try #require(try gateway.store.media(MediaQuery(), before: nil, limit: 9).first)
        #expect(media.inbound == message.id && media.boat == "luna" && media.givenType == "audio/wav")
        #expect(try gateway.reviewsOfAll().first?.inbound == message.id)
    }

    @Test("a recording that is told twice, or after a kill, is filed once")
    func once() throws {
        let gateway = try gateway(
            Self.dialled, phones: [Self.support: ["voice": ["ring": "1m", "outcome": "no_answer"]]])
        try call(
            gateway, [["hear": "1s"], ["press": "3"], ["wait": "23s"], ["say": "Hello"], ["wait": "3s"], "hangup"])
        for received in gateway.received where received.request.url.contains("/voice/recording") {
            _ = gateway.repeatWebhook(received.request)
            gateway.run(for: .seconds(1))
        }
        gateway.crash()
        try gateway.restart()
        for received in gateway.received where received.request.url.contains("/voice/") {
            _ = gateway.repeatWebhook(received.request)
            gateway.run(for: .seconds(1))
        }
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 2)
        #expect(try gateway.store.media(MediaQuery(), before: nil, limit: 9).count == 1)
        #expect(try reasons(gateway) == ["voicemail"])
    }

    @Test("whoever picks up is told who calls, and takes the call with a key")
    func accepted() throws {
        let gateway = try gateway(
            Self.dialled,
            phones: [
                Self.support: ["voice": ["ring": "2s", "answer": "human", "do": [["hear": "2s"], ["press": "1"]]]]
            ])
        try call(gateway, [["hear": "1s"], ["press": "3"], ["wait": "60s"]])
        #expect(documents(gateway).contains { $0.contains("A call from NaviDocs") })
        #expect(!documents(gateway).contains { $0.contains("Nobody is there") })
        #expect(try gateway.store.inbound(before: nil, limit: 9).count == 1)
        #expect(try reasons(gateway) == [])
    }

    @Test("an answering machine that picks up does not take the call")
    func machine() throws {
        let gateway = try gateway(
            Self.dialled, phones: [Self.support: ["voice": ["ring": "2s", "answer": "machine"]]])
        try call(gateway, [["hear": "1s"], ["press": "3"], ["wait": "90s"]])
        #expect(documents(gateway).contains { $0.contains("Nobody is there") })
    }

    static let guarded = """
          main:
            say: { en: "Press 1 for warranties." }
            gather: { timeout: 5s }
            options:
              "1": { pin: true, search: { type: warranty, reply: counted } }
        """

    /// A gateway whose caller has a PIN and one warranty.
    private func guardedGateway(_ menus: String = guarded) throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.inbound = "    - { name: calls, do: [{ menu: main }] }"
        story.menus = menus
        story.templates = """
              counted: { text: { en: "You have {{ count }} documents." } }
              pin_ask: { text: { en: "Your PIN and hash, please." } }
              pin_wrong: { text: { en: "That is not it." } }
              pin_locked: { text: { en: "Too many." } }
              pin_missing: { text: { en: "You have no PIN." } }
            """
        story.sections =
            "pin: { ask: pin_ask, tries: 2, wrong: pin_wrong, locked: pin_locked, missing: pin_missing, lasts: 5m }"
        let gateway = try VirtualGateway(story)
        try putOwner(gateway)
        try gateway.store.put(
            DocumentRecord(id: "engine", boat: "luna", type: "warranty", title: "Engine", at: gateway.now))
        return gateway
    }

    private func setPIN(_ gateway: VirtualGateway) throws {
        let pin = try #require(PIN("2580"))
        #expect(try gateway.store.putPIN(PINRecord(pin, since: gateway.now), ofContact: "ann"))
    }

    @Test("what is private is told to whoever keys in their PIN, which is filed nowhere, and not asked again soon")
    func pin() throws {
        let gateway = try guardedGateway()
        try setPIN(gateway)
        let steps: JSONValue = [
            ["hear": "1s"], ["press": "1"], ["hear": "1s"], ["press": "1111#"], ["hear": "1s"], ["press": "2580#"],
            ["hear": "3s"], "hangup",
        ]
        try call(gateway, steps, for: .seconds(60))
        let heard = documents(gateway)
        #expect(heard[1].contains("Your PIN and hash, please.") && !heard[1].contains("documents"))
        #expect(heard[2].contains("That is not it.") && heard[3].contains("You have 1 documents."))
        for inbound in try gateway.store.inbound(before: nil, limit: 9) {
            #expect(!String(decoding: inbound.body, as: UTF8.self).contains("2580"))
        }
        gateway.crash()
        try gateway.restart()
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "3s"], "hangup"], for: .seconds(60))
        #expect(documents(gateway).last?.contains("You have 1 documents.") == true, "proved a minute ago")
        gateway.run(for: .seconds(600))
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "3s"], "hangup"], for: .seconds(60))
        #expect(documents(gateway).last?.contains("Your PIN and hash, please.") == true, "no longer")
    }

    @Test("whoever is wrong too often is told nothing more, also with the right PIN, and a person is asked")
    func locked() throws {
        let gateway = try guardedGateway()
        try setPIN(gateway)
        let steps: JSONValue = [
            ["hear": "1s"], ["press": "1"], ["hear": "1s"], ["press": "12#"], ["hear": "1s"], ["press": "1#"],
        ]
        try call(gateway, steps, for: .seconds(60))
        #expect(documents(gateway).last?.contains("Too many.") == true)
        #expect(try reasons(gateway) == ["pin_locked"])
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "3s"], ["press": "2580#"]], for: .seconds(60))
        #expect(documents(gateway).last?.contains("Too many.") == true)
        #expect(!documents(gateway).contains { $0.contains("documents") })
    }

    @Test("whoever has no PIN is told so")
    func missing() throws {
        let gateway = try guardedGateway()
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "3s"]], for: .seconds(60))
        #expect(documents(gateway).last?.contains("You have no PIN.") == true)
    }

    static let hours = """
          main:
            say: { en: "We are here." }
            open: { times: nights, otherwise: { menu: closed } }
            options: { "1": { hangup: true } }
          closed:
            say: { en: "We are closed. Press 1 to be called back." }
            options: { "1": { review: callback } }
        """

    @Test(
        "outside of its hours a menu leads elsewhere",
        arguments: [("2026-11-23T22:30:00Z", true), ("2026-11-23T12:00:00Z", false)])
    func opening(time: String, isOpen: Bool) throws {
        let gateway = try gateway(Self.hours, begins: time)
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "5s"]])
        #expect(documents(gateway).first?.contains("We are here") == isOpen)
        #expect(try reasons(gateway) == (isOpen ? [] : ["callback"]))
    }

    @Test("a closed menu that asks for a review opens it, with the call")
    func closed() throws {
        let menus = """
              main:
                say: { en: "We are here." }
                open: { times: nights, otherwise: { say: { en: "We call you back." }, review: closed } }
                options: { "1": { hangup: true } }
            """
        let gateway = try gateway(menus, begins: "2026-11-23T12:00:00Z")
        try call(gateway, [["hear": "5s"]])
        #expect(try reasons(gateway) == ["closed"])
        #expect(try gateway.store.inbound(before: nil, limit: 9).map(\.id) == gateway.reviewsOfAll().map(\.inbound))
    }

    @Test("a silent caller is not asked for a PIN for ever")
    func silentPIN() throws {
        let gateway = try guardedGateway(Self.guarded + "\n    finally: { pin: true, review: last }")
        try setPIN(gateway)
        try call(gateway, [["hear": "1h"]], for: .seconds(3_600))
        #expect(documents(gateway).count { $0.contains("Your PIN") } == 1)
        #expect(documents(gateway).last?.contains("<Hangup />") == true)
    }

    @Test("an open alert is told to nobody whose number the network does not vouch for")
    func forgedAlert() throws {
        var story = StoryConfiguration(
            "  first: { ack: { required: true }, fallback: [{ channel: sms, ack_within: 1h }] }")
        story.phones = [Self.owner: ["sms": ["deliver": "1s"]]]
        let gateway = try VirtualGateway(story)
        let id = try gateway.send([
            "to": .string(Self.owner), "topic": "alarm", "template": "alert", "variables": ["item": "Pump"],
        ])
        gateway.run(for: .seconds(10))
        let steps: JSONValue = [["hear": "3s"], ["press": "1"], ["hear": "5s"], "hangup"]
        try call(gateway, steps, more: ["stir": "TN-Validation-Failed-A"], for: .seconds(60))
        #expect(!documents(gateway).contains { $0.contains("Pump") })
        #expect(try gateway.phase(id) == .active)
        try call(gateway, steps, for: .seconds(60))
        #expect(documents(gateway).contains { $0.contains("Pump") })
        #expect(try gateway.phase(id) == .acked)
    }

    @Test("a caller whose number the network does not vouch for is nobody")
    func forged() throws {
        let gateway = try gateway(Self.plain)
        try call(gateway, [["hear": "1s"], ["press": "1"], ["hear": "5s"]], more: ["stir": "TN-Validation-Failed-C"])
        let inbound = try gateway.store.inbound(before: nil, limit: 9)
        #expect(inbound.count == 2 && inbound.allSatisfy { $0.contact == nil && $0.from == Self.owner })
        #expect(try JSONValue(parsing: try #require(inbound.last).body)["forged"] == true)
        try call(gateway, [["hear": "1s"], ["press": "1"]], more: ["stir": "TN-Validation-Passed-A"])
        #expect(try gateway.store.inbound(before: nil, limit: 1).first?.contact == "ann")
    }
}
