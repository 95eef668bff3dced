/// The fixed sentences of alert calls in one language.
struct AlertPhrases: Sendable, Hashable {
    /// BCP 47, for the voice.
    var language: String
    var instructions: String
    /// The same for several alerts, which are confirmed together.
    var instructionsForAll: String
    var thanks: String
    var notMe: String
    var invalid: String
    var noAnswer: String
    var goodbye: String
    /// Left on machines: no detail of the alert.
    var voicemail: String
    var media: String
    var oneOpen: String
    /// `#` stands for the number.
    var manyOpen: String
    var noneOpen: String

    /// How many alerts are open.
    func open(_ count: Int) -> String {
        guard count > 1 else { return oneOpen }
        return manyOpen.split(separator: "#", omittingEmptySubsequences: false).joined(separator: String(count))
    }

    /// The sentences of a BCP 47 tag's language; English where there are none.
    static func of(_ language: String) -> AlertPhrases {
        let primary = language.lowercased().prefix { $0 != "-" && $0 != "_" }
        var phrases = all.first { $0.language == primary } ?? english
        if phrases.language == primary { phrases.language = language }
        return phrases
    }

    private static var all: [AlertPhrases] { [english, german, french, italian, spanish, dutch, portuguese, greek] }
}

extension AlertPhrases {
    private static let english = AlertPhrases(
        language: "en", instructions: "Press 1 to confirm. Press 2 to hear it again. Press 9 if this is not for you.",
        instructionsForAll: "Press 1 to confirm all. Press 2 to hear them again. Press 9 if they are not for you.",
        thanks: "Thank you. Your confirmation has been received. Goodbye.",
        notMe: "Thank you. We have noted that this is not for you. Goodbye.",
        invalid: "Sorry, that is not a valid choice.", noAnswer: "We did not receive an answer.",
        goodbye: "Goodbye.",
        voicemail: "Hello. There is a message for you. Please call this number back. To confirm now, press 1.",
        media: "This message has an attachment that cannot be played by phone.", oneOpen: "You have one open alert.",
        manyOpen: "You have # open alerts.", noneOpen: "You have no open alerts. Goodbye.")

    private static let german = AlertPhrases(
        language: "de",
        instructions: "Drücken Sie 1 zum Bestätigen, 2 zum Wiederholen, 9, wenn diese Nachricht nicht für Sie ist.",
        instructionsForAll: "Drücken Sie 1, um alle zu bestätigen, 2 zum Wiederholen, 9, wenn sie nicht für Sie sind.",
        thanks: "Danke. Ihre Bestätigung ist eingegangen. Auf Wiederhören.",
        notMe: "Danke. Wir haben vermerkt, dass diese Nachricht nicht für Sie ist. Auf Wiederhören.",
        invalid: "Diese Auswahl ist leider ungültig.", noAnswer: "Wir haben keine Antwort erhalten.",
        goodbye: "Auf Wiederhören.",
        voicemail: "Guten Tag. Es gibt eine Nachricht für Sie. Bitte rufen Sie diese Nummer zurück. "
            + "Um jetzt zu bestätigen, drücken Sie 1.",
        media: "Zu dieser Nachricht gehört ein Anhang, der am Telefon nicht wiedergegeben werden kann.",
        oneOpen: "Sie haben eine offene Meldung.", manyOpen: "Sie haben # offene Meldungen.",
        noneOpen: "Sie haben keine offenen Meldungen. Auf Wiederhören.")

    private static let french = AlertPhrases(
        language: "fr",
        instructions: "Appuyez sur 1 pour confirmer, 2 pour réécouter, ou 9 si ce message n'est pas pour vous.",
        instructionsForAll: "Appuyez sur 1 pour tout confirmer, 2 pour réécouter, ou 9 si elles ne sont pas pour vous.",
        thanks: "Merci. Votre confirmation a bien été reçue. Au revoir.",
        notMe: "Merci. Nous avons noté que ce message n'est pas pour vous. Au revoir.",
        invalid: "Désolé, ce choix n'est pas valable.", noAnswer: "Nous n'avons pas reçu de réponse.",
        goodbye: "Au revoir.",
        voicemail: "Bonjour. Il y a un message pour vous. Veuillez rappeler ce numéro. "
            + "Pour confirmer maintenant, appuyez sur 1.",
        media: "Ce message comporte une pièce jointe qui ne peut pas être lue par téléphone.",
        oneOpen: "Vous avez une alerte en cours.", manyOpen: "Vous avez # alertes en cours.",
        noneOpen: "Vous n'avez aucune alerte en cours. Au revoir.")

    private static let italian = AlertPhrases(
        language: "it",
        instructions: "Prema 1 per confermare, 2 per riascoltare, oppure 9 se questo messaggio non è per lei.",
        instructionsForAll: "Prema 1 per confermarli tutti, 2 per riascoltare, oppure 9 se non sono per lei.",
        thanks: "Grazie. La sua conferma è stata ricevuta. Arrivederci.",
        notMe: "Grazie. Abbiamo annotato che questo messaggio non è per lei. Arrivederci.",
        invalid: "Spiacenti, la scelta non è valida.", noAnswer: "Non abbiamo ricevuto risposta.",
        goodbye: "Arrivederci.",
        voicemail: "Buongiorno. C'è un messaggio per lei. La preghiamo di richiamare questo numero. "
            + "Per confermare ora, prema 1.",
        media: "Questo messaggio ha un allegato che non può essere riprodotto per telefono.",
        oneOpen: "Ha un avviso aperto.", manyOpen: "Ha # avvisi aperti.", noneOpen: "Non ha avvisi aperti. Arrivederci."
    )

    private static let spanish = AlertPhrases(
        language: "es",
        instructions: "Pulse 1 para confirmar, 2 para volver a escuchar, o 9 si este mensaje no es para usted.",
        instructionsForAll: "Pulse 1 para confirmarlos todos, 2 para volver a escuchar, o 9 si no son para usted.",
        thanks: "Gracias. Hemos recibido su confirmación. Adiós.",
        notMe: "Gracias. Hemos anotado que este mensaje no es para usted. Adiós.",
        invalid: "Lo sentimos, esa opción no es válida.", noAnswer: "No hemos recibido respuesta.", goodbye: "Adiós.",
        voicemail: "Hola. Hay un mensaje para usted. Por favor, llame a este número. Para confirmar ahora, pulse 1.",
        media: "Este mensaje tiene un archivo adjunto que no se puede reproducir por teléfono.",
        oneOpen: "Tiene un aviso pendiente.", manyOpen: "Tiene # avisos pendientes.",
        noneOpen: "No tiene avisos pendientes. Adiós.")

    private static let dutch = AlertPhrases(
        language: "nl",
        instructions: "Druk op 1 om te bevestigen, op 2 om te herhalen, of op 9 als dit bericht niet voor u is.",
        instructionsForAll: "Druk op 1 om alles te bevestigen, op 2 om te herhalen, of op 9 als ze niet voor u zijn.",
        thanks: "Dank u. Uw bevestiging is ontvangen. Tot ziens.",
        notMe: "Dank u. We hebben genoteerd dat dit bericht niet voor u is. Tot ziens.",
        invalid: "Sorry, dat is geen geldige keuze.", noAnswer: "We hebben geen antwoord ontvangen.",
        goodbye: "Tot ziens.",
        voicemail: "Hallo. Er is een bericht voor u. Bel dit nummer terug. Druk op 1 om nu te bevestigen.",
        media: "Dit bericht heeft een bijlage die niet telefonisch kan worden afgespeeld.",
        oneOpen: "U hebt één openstaande melding.", manyOpen: "U hebt # openstaande meldingen.",
        noneOpen: "U hebt geen openstaande meldingen. Tot ziens.")

    private static let portuguese = AlertPhrases(
        language: "pt",
        instructions: "Prima 1 para confirmar, 2 para ouvir de novo, ou 9 se esta mensagem não é para si.",
        instructionsForAll: "Prima 1 para confirmar todos, 2 para ouvir de novo, ou 9 se não são para si.",
        thanks: "Obrigado. A sua confirmação foi recebida. Adeus.",
        notMe: "Obrigado. Registámos que esta mensagem não é para si. Adeus.",
        invalid: "Desculpe, essa opção não é válida.", noAnswer: "Não recebemos resposta.", goodbye: "Adeus.",
        voicemail: "Olá. Há uma mensagem para si. Por favor, ligue de volta para este número. "
            + "Para confirmar agora, prima 1.",
        media: "Esta mensagem tem um anexo que não pode ser reproduzido por telefone.",
        oneOpen: "Tem um alerta pendente.", manyOpen: "Tem # alertas pendentes.",
        noneOpen: "Não tem alertas pendentes. Adeus.")

    private static let greek = AlertPhrases(
        language: "el",
        instructions: "Πατήστε 1 για επιβεβαίωση, 2 για επανάληψη, ή 9 αν το μήνυμα δεν είναι για εσάς.",
        instructionsForAll: "Πατήστε 1 για να τις επιβεβαιώσετε όλες, 2 για επανάληψη, ή 9 αν δεν είναι για εσάς.",
        thanks: "Ευχαριστούμε. Η επιβεβαίωσή σας ελήφθη. Αντίο σας.",
        notMe: "Ευχαριστούμε. Σημειώσαμε ότι το μήνυμα δεν είναι για εσάς. Αντίο σας.",
        invalid: "Λυπούμαστε, η επιλογή δεν είναι έγκυρη.", noAnswer: "Δεν λάβαμε απάντηση.", goodbye: "Αντίο σας.",
        voicemail: "Γεια σας. Υπάρχει ένα μήνυμα για εσάς. Παρακαλούμε καλέστε αυτόν τον αριθμό. "
            + "Για επιβεβαίωση τώρα, πατήστε 1.",
        media: "Το μήνυμα έχει ένα συνημμένο που δεν μπορεί να αναπαραχθεί από το τηλέφωνο.",
        oneOpen: "Έχετε μία ανοιχτή ειδοποίηση.", manyOpen: "Έχετε # ανοιχτές ειδοποιήσεις.",
        noneOpen: "Δεν έχετε ανοιχτές ειδοποιήσεις. Αντίο σας.")
}
