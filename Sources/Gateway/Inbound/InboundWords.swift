/// Words that operators and carriers give a meaning (STOP, START, HELP), and how a text is compared with words.
enum InboundWords {
    enum Meaning { case stop, start, help }

    /// The standard English keywords of carriers, and the usual words of the shipped languages.
    private static let stop: Set<String> = [
        "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "stopp", "arret", "arrêt",
        "basta", "baja",
    ]
    private static let start: Set<String> = ["start", "unstop"]
    private static let help: Set<String> = ["help", "info", "hilfe", "aide", "aiuto", "ayuda"]

    /// What a whole text means; YES is START only for a number that is opted out of the sender.
    static func meaning(of text: String, isOptedOut: Bool) -> Meaning? {
        let word = normalized(text)
        if stop.contains(word) { return .stop }
        if start.contains(word) || isOptedOut && word == "yes" { return .start }
        if help.contains(word) { return .help }
        return nil
    }

    /// Lower case, without blanks and full stops around it.
    static func normalized(_ text: String) -> String {
        let drop: Set<Character> = [" ", "\n", "\r", "\t", ".", "!", "\u{A0}"]
        var view = text[...]
        while let first = view.first, drop.contains(first) { view.removeFirst() }
        while let last = view.last, drop.contains(last) { view.removeLast() }
        return view.lowercased()
    }
}
