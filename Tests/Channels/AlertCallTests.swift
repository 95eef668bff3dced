import Gateway
import Testing

@testable import VoiceChannel

@Suite("Alert calls")
struct AlertCallTests {
    private func turn(
        _ name: String, _ digits: String = "", followUp: Bool = false, listener: CallListener = .unknown,
        leavesMessage: Bool = true, content: StepContent = ChannelCase.text, others: [StepContent] = []
    ) -> CallReply {
        var turn = CallTurn(
            token: "tok", turn: name, providerID: "CA1", digits: digits, report: AttemptReport(.sent))
        turn.isFollowUp = followUp
        turn.listener = listener
        var step = ChannelCase.step
        step.leavesMessage = leavesMessage
        return VoiceAdapter().reply(to: turn, alerts: [content] + others, step: step)
    }

    private func gatherIn(_ script: CallScript) -> CallGather? {
        if case .gather(let gather) = script.verbs.first { gather } else { nil }
    }

    private func spoken(_ script: CallScript) -> String {
        func text(_ verb: CallVerb) -> String {
            switch verb {
            case .say(let text, _, _): text
            case .gather(let gather): gather.prompt.map(text).joined(separator: " ")
            default: ""
            }
        }
        return script.verbs.map(text).joined(separator: " ")
    }

    @Test("the first document speaks inside a Gather and goes on to the follow-up")
    func first() throws {
        let first = turn("0")
        let gather = try #require(gatherIn(first.script))
        #expect(gather.digits == 1)
        #expect(gather.action == CallAction(purpose: "alert", token: "tok", turn: "1"))
        let follow = CallAction(purpose: "alert", token: "tok", turn: "1f", isFollowUp: true)
        #expect(first.script.verbs.last == .redirect(follow))
        #expect(spoken(first.script).contains("The pump runs."))
        #expect(spoken(first.script).contains("Press 1"))
        #expect(first.meaning == .none)
    }

    @Test("several alerts are counted and spoken one after the other, and the keys are those of all")
    func several() throws {
        var german = ChannelCase.text
        german.language = "de"
        german.text = "Die Pumpe läuft."
        german.media = ["https://example.com/a.pdf"]
        let reply = turn("0", others: [german, ChannelCase.text])
        let gather = try #require(gatherIn(reply.script))
        let texts = gather.prompt.compactMap { verb in if case .say(let text, _, _) = verb { text } else { nil } }
        #expect(texts.first == "You have 3 open alerts.")
        #expect(texts.count == 6)
        #expect(texts[2] == "Die Pumpe läuft.")
        #expect(gather.prompt.contains(.say("Die Pumpe läuft.", language: "de")))
        #expect(texts[3].contains("attachment"))
        #expect(texts.last == "Press 1 to confirm all. Press 2 to hear them again. Press 9 if they are not for you.")
        #expect(turn("1", "1", others: [german]).meaning == .acknowledged)
        #expect(turn("1", "9", others: [german]).meaning == .rejected)
        #expect(spoken(turn("1", "2", others: [german]).script).contains("You have 2 open alerts."))
    }

    @Test("a machine hears of several alerts no more than that there is a message")
    func severalOnMachine() {
        var content = ChannelCase.text
        content.voicemail = "The pump of the Aurora runs."
        let one = turn("1f", followUp: true, listener: .machine, content: content)
        #expect(spoken(one.script).contains("The pump of the Aurora runs."))
        let two = turn("1f", followUp: true, listener: .machine, content: content, others: [ChannelCase.text])
        #expect(spoken(two.script).contains("Hello. There is a message for you."))
        #expect(!spoken(two.script).contains("Aurora"))
    }

    @Test("1 confirms whatever the detection said", arguments: [CallListener.unknown, .human, .machine])
    func confirm(_ listener: CallListener) {
        let confirmed = turn("1", "1", listener: listener)
        #expect(confirmed.meaning == .acknowledged)
        #expect(confirmed.script.verbs.last == .hangup)
        #expect(gatherIn(confirmed.script) == nil)
    }

    @Test("9 is 'not me'")
    func notMe() {
        let rejected = turn("1", "9")
        #expect(rejected.meaning == .rejected)
        #expect(rejected.script.verbs.last == .hangup)
    }

    @Test("2 repeats, any other key says so and repeats", arguments: ["2", "3", "0", "#", "*"])
    func again(_ key: String) {
        let repeated = turn("1", key)
        #expect(repeated.meaning == .none)
        #expect(spoken(repeated.script).contains("The pump runs."))
        #expect(spoken(repeated.script).contains("not a valid choice") == (key != "2"))
        #expect(gatherIn(repeated.script)?.action.turn == "2")
    }

    @Test("only the first key counts")
    func firstKey() { #expect(turn("1", "19").meaning == .acknowledged) }

    @Test("silence is answered once more, then with goodbye")
    func silence() {
        let once = turn("1f", followUp: true)
        #expect(gatherIn(once.script) != nil)
        let second = CallAction(purpose: "alert", token: "tok", turn: "2ff", isFollowUp: true)
        #expect(once.script.verbs.last == .redirect(second))
        let twice = turn("2ff", followUp: true)
        #expect(gatherIn(twice.script) == nil)
        #expect(twice.script.verbs.last == .hangup)
    }

    @Test("after a key, silence is answered once more again")
    func silenceAfterKey() { #expect(gatherIn(turn("3f", followUp: true, listener: .human).script) != nil) }

    @Test("a verdict that comes with the request counts while the delivery has none")
    func ownVerdict() {
        var turn = CallTurn(token: "t", turn: "1f", providerID: "CA1", digits: "", report: AttemptReport(.sent))
        turn.isFollowUp = true
        turn.report.status = .machine
        var step = ChannelCase.step
        step.leavesMessage = false
        let reply = VoiceAdapter().reply(to: turn, alerts: [ChannelCase.text], step: step)
        #expect(reply == CallReply(CallScript([.hangup])))
    }

    @Test("a machine gets a message without details, inside a Gather")
    func voicemail() throws {
        let left = turn("1f", followUp: true, listener: .machine)
        let gather = try #require(gatherIn(left.script))
        #expect(gather.action.turn == "2")
        #expect(left.script.verbs.last == .hangup)
        #expect(!spoken(left.script).contains("pump"))
        #expect(spoken(left.script).contains("call this number back"))
        var own = ChannelCase.text
        own.voicemail = "Please call the marina."
        let mine = turn("1f", followUp: true, listener: .machine, content: own)
        #expect(spoken(mine.script).contains("Please call the marina."))
    }

    @Test("a machine is hung up on where no message is to be left")
    func noMessage() {
        let script = turn("1f", followUp: true, listener: .machine, leavesMessage: false).script
        #expect(script == CallScript([.hangup]))
    }

    @Test("every turn has a token of its own, and no call goes on for ever")
    func tokens() {
        var seen: Set<String> = ["0"]
        var name = "0"
        var turns = 0
        while let gather = gatherIn(turn(name, name == "0" ? "" : "2").script) {
            name = gather.action.turn
            #expect(seen.insert(name).inserted)
            turns += 1
            if turns > 100 { break }
        }
        #expect(turns == TurnToken.limit)
    }

    @Test(
        "a token that is none ends the call",
        arguments: ["", "f", "-1", "9999", "1e9", "12345678901234567890", "x", "1g"])
    func badToken(_ name: String) {
        #expect(turn(name, "2").script.verbs.last == .hangup)
        #expect(turn(name, "1").meaning == .acknowledged)
    }

    @Test("links are not spoken, the spoken text wins, an attachment is told")
    func content() {
        var content = ChannelCase.picture
        content.text = "See https://a.example/x or http://b.example now"
        let said = spoken(turn("0", content: content).script)
        #expect(said.contains("See or now"))
        #expect(!said.contains("example"))
        #expect(said.contains("attachment"))
        content.spoken = "Call us"
        #expect(spoken(turn("0", content: content).script).contains("Call us"))
        #expect(!spoken(turn("0", content: content).script).contains("See"))
    }

    @Test(
        "the sentences are in the recipient's language",
        arguments: ["de", "de-CH", "fr", "it-CH", "es", "nl", "pt", "el"])
    func languages(_ language: String) {
        var content = ChannelCase.text
        content.language = language
        let said = spoken(turn("0", content: content).script)
        #expect(!said.contains("Press"))
        #expect(said.contains("1") && said.contains("2") && said.contains("9"))
        #expect(AlertPhrases.of(language).language == language)
    }

    @Test("English stands in for a language without sentences, with an English voice")
    func unknownLanguage() {
        #expect(AlertPhrases.of("fi-FI").language == "en")
        #expect(AlertPhrases.of("").instructions.contains("Press 1"))
    }
}
