import Testing

@testable import Gateway

@Suite("words with a meaning")
struct InboundWordsTests {
    @Test(
        "a whole text means STOP in every language, however it is written",
        arguments: [
            "STOP", "stop.", " Stop! ", "Unsubscribe", "cancel", "END", "quit", "revoke", "optout", "Stopp", "ABMELDEN",
            "arrêt",
            "ARRET", "Désabonner", "basta", "Annulla", "baja", "ALTO", "ΣΤΟΠ", "στοπ", "Διακοπή", "ΔΙΑΚΟΠΗ", "stani",
            "Odjava",
        ])
    func stop(text: String) { #expect(InboundWords.meaning(of: text, isOptedOut: false) == .stop) }

    @Test("STOPALL is for every sender")
    func stopAll() { #expect(InboundWords.meaning(of: "StopAll", isOptedOut: false) == .stopAll) }

    @Test(
        "START and HELP have their words too",
        arguments: [
            ("start", .start), ("UNSTOP", .start), ("anmelden", .start), ("Έναρξη", .start), ("prijava", .start),
            ("alta", .start),
            ("HELP", .help), ("info", .help), ("Hilfe", .help), ("aide", .help), ("aiuto", .help), ("ayuda", .help),
            ("Βοήθεια", .help), ("pomoć", .help),
        ] as [(String, InboundWords.Meaning)])
    func others(text: String, meaning: InboundWords.Meaning) {
        #expect(InboundWords.meaning(of: text, isOptedOut: false) == meaning)
    }

    @Test("YES is START only after an opt-out")
    func yes() {
        #expect(InboundWords.meaning(of: "yes", isOptedOut: false) == nil)
        #expect(InboundWords.meaning(of: "Yes.", isOptedOut: true) == .start)
    }

    @Test(
        "a word within a sentence has no meaning",
        arguments: ["please stop", "stop it", "don't stop", "", "...", "unstoppable", "starting", "help me find it"])
    func sentences(text: String) {
        for isOptedOut in [true, false] { #expect(InboundWords.meaning(of: text, isOptedOut: isOptedOut) == nil) }
    }

    @Test("a text of a megabyte is looked at no longer than its beginning")
    func long() {
        #expect(InboundWords.meaning(of: String(repeating: " ", count: 1_000_000) + "stop", isOptedOut: true) == nil)
    }
}
