import Gateway
import Testing

@testable import VoiceChannel

@Suite("Calling back while alerts are open")
struct OpenAlertsCallTests {
    private func turn(
        _ name: String = "", _ digits: String = "", menu: String? = nil, alerts: Int = 2, next: String = "1"
    ) -> CallReply {
        var call = InboundCall(providerID: "CA1", from: "+447700900142", to: "+41791234567", purpose: "inbound")
        call.turn = name
        call.digits = digits
        call.menu = menu
        let contents = (0..<alerts).map { StepContent(text: "Alert number \($0).", language: "en") }
        call.token = "tok"
        return VoiceAdapter().playAlerts(contents, call: call, nextTurn: next)
    }

    private func prompt(_ turn: CallReply) -> [String] {
        guard case .gather(let gather) = turn.script.verbs.first else { return [] }
        return gather.prompt.compactMap { if case .say(let text, _, _) = $0 { text } else { nil } }
    }

    @Test("every open alert is spoken, with their number")
    func spoken() {
        let texts = prompt(turn())
        #expect(texts.contains("You have 2 open alerts."))
        #expect(texts.contains("Alert number 0.") && texts.contains("Alert number 1."))
        #expect(prompt(turn(alerts: 1)).contains("You have one open alert."))
    }

    @Test("many alerts are counted, not all spoken")
    func many() {
        let texts = prompt(turn(alerts: 40))
        #expect(texts.contains("You have 40 open alerts."))
        #expect(texts.filter { $0.hasPrefix("Alert number") }.count == OpenAlertsCall.maxSpoken)
    }

    @Test("the next documents name menu, token and turn")
    func actions() {
        guard case .gather(let gather) = turn().script.verbs.first else {
            Issue.record("no Gather")
            return
        }
        #expect(gather.action == CallAction(purpose: "menu-select", token: "tok", turn: "1", menu: "open_alerts"))
        let follow = CallAction(purpose: "menu-select", token: "tok", turn: "1f", menu: "open_alerts", isFollowUp: true)
        #expect(turn().script.verbs.last == .redirect(follow))
    }

    @Test("1 confirms, 9 rejects, 2 repeats, another key says so")
    func keys() {
        #expect(turn("1", "1", menu: OpenAlertsCall.menu).meaning == .acknowledged)
        #expect(turn("1", "9", menu: OpenAlertsCall.menu).meaning == .rejected)
        #expect(prompt(turn("1", "2", menu: OpenAlertsCall.menu)).first == "You have 2 open alerts.")
        #expect(prompt(turn("1", "7", menu: OpenAlertsCall.menu)).first == "Sorry, that is not a valid choice.")
    }

    @Test("a key of another menu confirms nothing")
    func foreignKey() {
        let other = turn("1", "1", menu: "main")
        #expect(other.meaning == .none)
        #expect(prompt(other).contains("Alert number 0."))
    }

    @Test("silence is asked once more, then the call ends")
    func silence() {
        #expect(prompt(turn("1f", menu: OpenAlertsCall.menu)).first == "We did not receive an answer.")
        #expect(turn("2ff", menu: OpenAlertsCall.menu).script.verbs.last == .hangup)
    }

    @Test("a caller who comes from another menu gets turns that were not used before")
    func otherMenu() {
        guard case .gather(let gather) = turn("4", "1", menu: "main", next: "5").script.verbs.first else {
            Issue.record("no Gather")
            return
        }
        #expect(gather.action.turn == "5")
    }

    @Test("without open alerts it says so")
    func none() {
        let ended = turn(alerts: 0)
        #expect(ended.meaning == .none)
        #expect(ended.script.verbs.last == .hangup)
    }
}
