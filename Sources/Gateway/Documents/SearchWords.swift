/// The words of a text that say what somebody looks for.
public enum SearchWords {
    /// More than people write; what follows is not looked for.
    public static let limit = 12

    /// The words of a query in their order, folded, each once: without those that nearly every sentence has.
    public static func significant(in text: String) -> [String] {
        var seen: Set<String> = []
        var words: [String] = []
        for word in all(in: text) where !common.contains(word) && seen.insert(word).inserted {
            words.append(word)
            if words.count == limit { break }
        }
        return words
    }

    /// Every word, folded: runs of letters and digits. By scalars, since texts may have hundreds of pages.
    public static func all(in text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.unicodeScalars where !append(scalar, to: &word) && !word.isEmpty {
            words.append(word)
            word = ""
        }
        return word.isEmpty ? words : words + [word]
    }

    /// Lower case, and letters of Latin and Greek without their accents: `Überprüfung` and `uberprufung` are one word.
    /// What is neither a letter nor a digit is left out.
    public static func folded(_ word: String) -> String {
        var out = ""
        for scalar in word.unicodeScalars { _ = append(scalar, to: &out) }
        return out
    }

    /// Appends a scalar as it is searched for; `false` for one that ends a word. An accent that stands alone belongs to the
    /// letter before it, and is dropped.
    private static func append(_ scalar: Unicode.Scalar, to word: inout String) -> Bool {
        switch scalar {
        case "a"..."z", "0"..."9": word.unicodeScalars.append(scalar)
        case "A"..."Z": word.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
        case _ where scalar.isASCII: return false
        default:
            let properties = scalar.properties
            if properties.generalCategory == .nonspacingMark { return true }
            guard properties.isAlphabetic || properties.numericType != nil else { return false }
            for lower in properties.lowercaseMapping.unicodeScalars
            where lower.properties.generalCategory != .nonspacingMark {
                word.unicodeScalars.append(plainLetters[lower] ?? lower)
            }
        }
        return true
    }

    /// What a word of a document must begin with to be the word of a query in another form: without the last two letters
    /// of a word from six on, and three from nine on, which are its ending in most languages.
    public static func stem(of word: String) -> String {
        word.count < 6 ? word : String(word.dropLast(word.count < 9 ? 2 : 3))
    }

    private static let plainLetters: [Unicode.Scalar: Unicode.Scalar] = {
        let families: [(Unicode.Scalar, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ď"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥ"),
            ("i", "ìíîïĩīĭį"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľ"), ("n", "ñńņň"), ("o", "òóôõöōŏő"),
            ("r", "ŕŗř"), ("s", "śŝşšș"), ("t", "ţťț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
            ("α", "ά"), ("ε", "έ"), ("η", "ή"), ("ι", "ίϊΐ"), ("ο", "ό"), ("υ", "ύϋΰ"), ("ω", "ώ"), ("σ", "ς"),
        ]
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (plain, accented) in families { for scalar in accented.unicodeScalars { table[scalar] = plain } }
        return table
    }()

    /// Articles, pronouns, prepositions and the usual verbs of a question in the languages of the shipped templates, and
    /// in Spanish, Greek and Croatian; folded.
    private static let common: Set<String> = Set(
        """
        a about all an and any are at be by can could do does find for from get give has have hello help hi how i in is it \
        list look me my need not of on or our please search send show that the their there this to up us want was we what \
        when where which who will with you your
        aber alle als am an auf aus bei bin bitte das dein dem den der des die ein eine einen er es finde finden fur gibt \
        guten habe haben hallo hat ich ihr im in ist kann konnen mein meine meinen meiner mir mit nach nicht oder sie sind \
        suche suchen tag und uns unser unsere von war was welche wir wo wie zeig zeige zeigen zu zum zur
        au aux avec bonjour ce ces cette chercher d dans de des donner du elle en est et il j je l la le les leur ma mes moi \
        mon montrer ne nos notre nous ou par pas pour qu quel quelle qui s sa salut sur trouver un une vos votre vous
        ai al alla che ci ciao come con da dal dei del della delle di e ed gli ho il io la le lo mi mia mie miei mio nei nel \
        non per piu quale quali se si sono su trova trovare tu un una vorrei
        algun buenos busca buscar como con cual cuales de del donde el ella en es esta hay hola la las los me mi mis mostrar \
        muestra no nuestra nuestro o para pero por que se su sus tengo un una y yo
        για δεν ειναι εχω η θα θελω και με μου να ο οι που σε στη στην στο τα τη την της τι το τον του των
        da gdje ili imam je koji koja li mi moj moja moje na ne od pokazi s sa su te trazi u uz za zelim
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
}
