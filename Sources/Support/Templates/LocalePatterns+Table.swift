extension LocalePatterns {
    private static let englishMonths =
        "January February March April May June July August September October November December"
    private static let germanMonths =
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    private static let frenchMonths =
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
    private static let italianMonths =
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
    private static let spanishMonths =
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    // In the genitive, as they stand behind a day.
    private static let croatianMonths =
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"
    private static let greekMonths =
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"

    static let english = LocalePatterns(
        months: englishMonths, longDate: "MMMM d, y", shortDate: "M/d/y", time: "h:mm a", decimalPoint: ".",
        grouping: ",")

    private static let british = LocalePatterns(
        months: englishMonths, longDate: "d MMMM y", shortDate: "dd/MM/y", decimalPoint: ".", grouping: ",")

    static let table: [String: LocalePatterns] = [
        "en": english,
        "en-gb": british,
        "en-ie": british,
        "en-au": british,
        "en-nz": british,
        "en-ch": british,
        "de": LocalePatterns(months: germanMonths, longDate: "d. MMMM y", shortDate: "dd.MM.y"),
        "de-ch": LocalePatterns(
            months: germanMonths, longDate: "d. MMMM y", shortDate: "dd.MM.y", decimalPoint: ".", grouping: "'"),
        "fr": LocalePatterns(
            months: frenchMonths, longDate: "d MMMM y", shortDate: "dd/MM/y", grouping: " ", firstDay: "1er"),
        "fr-ch": LocalePatterns(
            months: frenchMonths, longDate: "d MMMM y", shortDate: "dd.MM.y", grouping: " ", firstDay: "1er"),
        "it": LocalePatterns(months: italianMonths, longDate: "d MMMM y", shortDate: "dd/MM/y"),
        "it-ch": LocalePatterns(
            months: italianMonths, longDate: "d MMMM y", shortDate: "dd.MM.y", decimalPoint: ".", grouping: "'"),
        "es": LocalePatterns(months: spanishMonths, longDate: "d 'de' MMMM 'de' y", shortDate: "d/M/y", time: "H:mm"),
        "hr": LocalePatterns(months: croatianMonths, longDate: "d. MMMM y.", shortDate: "dd. MM. y."),
        "el": LocalePatterns(
            months: greekMonths, longDate: "d MMMM y", shortDate: "d/M/y", time: "h:mm a", halves: ["π.μ.", "μ.μ."]),
    ]
}
