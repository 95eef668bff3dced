/// Words that operators and carriers give a meaning (STOP, START, HELP), and how a text is compared with words.
enum InboundWords {
    /// What a whole text asks for.
    enum Meaning: Hashable {
        case stop
        /// Of every sender.
        case stopAll
        case start, help
    }

    /// Folded. The English ones are those of carriers and of Twilio
    /// (https://help.twilio.com/articles/223134027), the others what people write in the languages of the shipped
    /// templates and in Spanish, Greek and Croatian.
    private static let meanings: [String: Meaning] = {
        let words: [(Meaning, String)] = [
            (.stopAll, "stopall"),
            (
                .stop,
                """
                stop unsubscribe cancel end quit revoke optout
                stopp abmelden abbestellen austragen
                arret arreter desabonner desinscrire desinscription
                basta annulla cancella disiscrivi disiscrivimi
                baja alto parar cancelar
                στοπ διακοπη διαγραφη σταματα σταματηστε
                stani odjava odjavi prekid prekini
                """
            ),
            (
                .start,
                """
                start unstop anmelden abonnieren abonner reprendre inizia iscrivimi riprendi alta empezar iniciar
                εναρξη εγγραφη ξεκινα kreni prijava pocni
                """
            ),
            (.help, "help info hilfe aide aiuto ayuda βοηθεια πληροφοριες pomoc"),
        ]
        var table: [String: Meaning] = [:]
        for (meaning, list) in words {
            for word in list.split(whereSeparator: { $0 == " " || $0 == "\n" }) { table[String(word)] = meaning }
        }
        return table
    }()

    /// What a whole text means; YES is START only for a number that is opted out of the sender.
    static func meaning(of text: String, isOptedOut: Bool) -> Meaning? {
        // Longer than any of them with what may stand around it: nobody folds a novel.
        guard text.utf8.count <= 80 else { return nil }
        let word = SearchWords.folded(normalized(text))
        if let meaning = meanings[word] { return meaning }
        return isOptedOut && word == "yes" ? .start : nil
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
