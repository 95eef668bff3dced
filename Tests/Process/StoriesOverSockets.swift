import JSON
import Testing

extension ProcessTests {
    /// The stories that need no clock above two seconds, told by the built program over HTTP both ways: what the
    /// simulator was asked for, in order, and what the API's timeline says. k and l are told as well, although a call
    /// listens six seconds for a key before it leaves its message. All of them are told on a virtual clock in
    /// Tests/Scenarios/Stories.
    @Suite("stories over sockets", .serialized)
    struct StoriesOverSockets {
        static let owner = "+447700900142"
        static let alert: JSONObject = [
            "to": .string(owner), "template": "alert", "variables": ["item": "Main engine"], "priority": "high",
        ]

        /// The letters that only the virtual clock tells, with the clock that forbids it here.
        static let onlyVirtual = [
            "f": "an open circuit pauses for 10 s, and a 503 is looked up after 5 s and after 60 s",
            "o": "`expires` is one minute at least, and `send_at` has to lie behind it",
        ]

        /// A world with one policy. `phones`: entries of the simulator's `phones:`, in braces.
        static func setup(_ chain: String, phones: String, world: String = "", acknowledged: Bool = true) -> Setup {
            var setup = Setup()
            setup.policy = acknowledged ? "ack: { required: true }" : "success: delivered"
            setup.chain = chain
            setup.simulator = """
                  speech: 5ms
                  calls: 1000/s
                  content: { HX00000000000000000000000000000001: { text: "{{1}}: please look.", status: approved } }
                  phones: \(phones)
                """
            if !world.contains("senders:") {
                setup.simulator += "\n  senders: { \"+41791234567\": { type: short_code, rate: 1000/s } }"
            }
            if !world.isEmpty { setup.simulator += "\n" + world }
            setup.rest = """
                templates:
                  alert:
                    text: { en: "{{ item }}: please look. Reply OK.", de: "{{ item }}: bitte nachsehen. Antwort OK." }
                    whatsapp: { content_sid: { en: HX00000000000000000000000000000001 }, variables: [item] }
                    voice: { say: { en: "{{ item }} needs attention." }, voicemail: { en: "Please call us back." } }
                  linked:
                    text: { en: "{{ item }}: confirm at {{ ack_link }}" }
                """
            return setup
        }

        @Test("every letter from a to u is told here, or the clock that forbids it is named")
        func letters() throws {
            var told: Set<String> = []
            for theme in ["Texts", "Calls", "Answers", "Lanes", "Routing"] {
                let text = try Repository.file("Tests/Process/StoriesOverSockets+\(theme).swift")
                for match in text.matches(of: #/@Test\("([a-u]): /#) { told.insert(String(match.1)) }
            }
            let letters = Set("abcdefghijklmnopqrstu".map(String.init))
            #expect(told.union(Self.onlyVirtual.keys) == letters)
            #expect(told.isDisjoint(with: Self.onlyVirtual.keys))
        }
    }
}
