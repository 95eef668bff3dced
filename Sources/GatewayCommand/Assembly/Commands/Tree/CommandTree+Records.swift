import Arguments

extension CommandTree {
    /// People whom messages may name.
    static let contacts = CommandSpec(
        "contacts", "Read and change the contacts of a running gateway.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List contacts in the order of their ids.",
                options: [
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this contact."), output(["text", "json"]),
                ]),
            CommandSpec("get", "Show a contact.", options: [output(["text", "json"])], positionals: [contactID]),
            CommandSpec(
                "put", "Create or replace a contact.",
                discussion: """
                    Either by options, or a whole contact as JSON with --file.

                      gateway contacts put anna --name "Anna Keller" --phone +41791234567 --locale de
                    """,
                options: [
                    .value("name", "TEXT", "The name."),
                    .value("phone", "NUMBER", "The number, such as +41791234567."),
                    .value("locale", "TAG", "The language, such as de or fr-CH."),
                    .value("time-zone", "ZONE", "The time zone, such as Europe/Zurich."),
                    .value("file", "FILE", "The contact as JSON; - reads standard input.", completion: .files),
                    output(["text", "json"]),
                ], positionals: [contactID]),
            CommandSpec("delete", "Delete a contact.", positionals: [contactID]),
            CommandSpec(
                "merge", "Make one contact of two that are the same person.",
                discussion: """
                    The contact gets the addresses, roles and preferences of the other one, which goes and is found \
                    under this one from then on.

                      gateway contacts merge anna --from a.keller
                    """,
                options: [.value("from", "ID", "The contact that goes."), output(["text", "json"])],
                positionals: [contactID]),
            CommandSpec(
                "consents", "Show what a contact's numbers said to senders.",
                options: [
                    .flag("history", "Every statement, the oldest first, with where it came from."),
                    .value("limit", "COUNT", "Of the history: how many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Of the history: begin behind this one, as the last list said."),
                    output(["text", "json"]),
                ], positionals: [contactID]),
            CommandSpec(
                "pin", "Show whether a contact has a PIN, set it or remove it.",
                discussion: """
                    Four to twelve digits, read from standard input. Nobody can read them again.

                      gateway contacts pin anna --set < pin.txt
                    """,
                options: [
                    .flag("set", "Read a new one from standard input."), .flag("remove", "Remove it."),
                    output(["text", "json"]),
                ], positionals: [contactID]),
            CommandSpec(
                "import", "Create or change the contacts of a CSV file, row by row.",
                discussion: """
                    The first row names the columns, in any order: id, and where wanted name, phone, phone_verified, \
                    whatsapp, email, locale, time_zone, boat and role. What has a column is replaced, everything else \
                    is kept. Rows that are refused are reported with their lines; the others are imported. Columns \
                    that a table calls otherwise are named with --map, and others are refused unless --ignore names \
                    them.

                      gateway contacts import people.csv --dry-run
                      gateway contacts import people.csv --map "Mobile=phone" --map "Vessel=boat" --ignore Notes
                    """,
                options: [
                    .flag("dry-run", "Tell what would be refused, and store nothing."),
                    .value("map", "HEADER=COLUMN", "What a column of the file holds.", repeatable: true),
                    .value("ignore", "HEADER", "A column of the file that is passed over.", repeatable: true),
                    output(["text", "json"]),
                ],
                positionals: [PositionalSpec("FILE", .one, "The CSV file; - reads standard input.")]),
        ])

    /// Questions that wait for a person.
    static let reviews = CommandSpec(
        "reviews", "Read and answer what waits for a person.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List open reviews, the oldest first.",
                options: [
                    .flag("all", "With those that are closed."),
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."),
                    output(["text", "json"]),
                ]),
            CommandSpec(
                "approve", "Let go what waits for the review.",
                discussion: "A message that needs approval is sent; a step that budgets deny goes once all the same.",
                options: [output(["text", "json"])], positionals: [reviewID]),
            CommandSpec(
                "dismiss", "Close the review; what waits for it is not sent.", options: [output(["text", "json"])],
                positionals: [reviewID]),
            CommandSpec(
                "reply", "Answer who wrote or called, and close the review.",
                discussion: """
                    The answer goes over the channel and from the sender to which the person wrote; a caller gets an SMS. \
                    The same command once more sends nothing more.
                    """,
                options: [
                    .value("text", "TEXT", "What to say."),
                    .value("policy", "NAME", "Send it by this policy instead, or by channel:NAME."),
                    output(["text", "json"]),
                ], positionals: [reviewID]),
            CommandSpec(
                "link", "Say who wrote or called, and close the review.",
                discussion: "Their number becomes one of the contact's, and what came in is the contact's.",
                options: [
                    .value("contact", "ID", "The contact."),
                    .value("name", "NAME", "Make the contact under this name where there is none."),
                    .flag("verified", "The number is known to be theirs: they are told of their boats."),
                    .value("boat", "ID", "Give the contact a role on this boat, too."),
                    .value("role", "ROLE", "owner, broker or other; needs --boat.", default: "owner"),
                    output(["text", "json"]),
                ], positionals: [reviewID]),
        ])

    private static let reviewID = PositionalSpec("ID", .one, "The id of the review, rev_….")

    /// What was spent.
    static let cost = CommandSpec(
        "cost", "Show what messages and calls cost, and what budgets leave.",
        discussion: """
            Costs are counted where the configuration has 'budgets:'. Days are those of the gateway's time zone.

              gateway cost --from 2026-11-01 --to 2026-11-30 --by month,direction,kind
              gateway cost --budgets
              gateway cost --usage sms=650 --usage voice=1950 --usage number=2 --country US
            """,
        options: [
            .value("from", "DAY", "The first day, such as 2026-11-01; the first of this month when absent."),
            .value("to", "DAY", "The last day; today when absent."),
            .value(
                "by", "LIST",
                "Some of day, month, tenant, policy, channel, country, kind, direction; day,channel when absent."),
            .value("tenant", "TEXT", "The costs of this tenant alone."),
            .flag("budgets", "The budgets, and what is spent of them."),
            .value(
                "usage", "ITEM=COUNT", "Instead: what so much costs by the prices of the configuration.",
                repeatable: true),
            .value("country", "CODE", "Of --usage: where, such as US; the price for everywhere else when absent."),
            configuration, output(["text", "json"]),
        ] + APIAccess.specs)

    /// The register of warranties.
    static let warranties = CommandSpec(
        "warranties", "Read and change the register of warranties of a running gateway.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List warranties in the order of their ids, each with its next reminder.",
                options: [
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this warranty."), output(["text", "json"]),
                ]),
            CommandSpec("get", "Show a warranty.", options: [output(["text", "json"])], positionals: [warrantyID]),
            CommandSpec(
                "put", "Create or replace a warranty.",
                options: [
                    .value("file", "FILE", "The warranty as JSON; - reads standard input.", completion: .files),
                    output(["text", "json"]),
                ], positionals: [warrantyID]),
            CommandSpec("delete", "Delete a warranty.", positionals: [warrantyID]),
            CommandSpec(
                "import", "Create or replace the warranties of a CSV file, row by row.",
                discussion: """
                    The first row names the columns: id, boat, item and expires_on, and where wanted claim_url, \
                    attachments (URLs with blanks between), label.NAME and variable.NAME. Rows that the gateway \
                    refuses are reported with their lines; the others are imported.
                    """,
                positionals: [PositionalSpec("FILE", .one, "The CSV file; - reads standard input.")]),
        ])

    private static let warrantyID = PositionalSpec("ID", .one, "Your id of the warranty.")

    /// Many recipients under one message.
    static let batch = CommandSpec(
        "batch", "Show how far a batch is; make one with 'gateway send --file'.",
        options: [
            .flag("follow", short: "f", "Show how it goes on until it is done."),
            .flag("cancel", "Stop what has not been sent."),
            .flag("recipients", "List the recipients and what became of each."),
            .value("state", "STATE", "With --recipients: those in this state alone, such as rejected."),
            output(["text", "json"]),
        ] + APIAccess.specs,
        positionals: [PositionalSpec("ID", .one, "The id of the batch.")])

    /// Keys of the HTTP API.
    static let keys = CommandSpec(
        "keys", "Read and change the API keys of a running gateway.", options: APIAccess.specs,
        subcommands: [
            CommandSpec("list", "List keys in the order of their creation.", options: [output(["text", "json"])]),
            CommandSpec(
                "create", "Create a key. Its text is shown this once.",
                discussion: """
                      gateway keys create --name billing --scope messages:write --scope messages:read
                    """,
                options: [
                    .value("name", "TEXT", "What it is for."),
                    .value(
                        "scope", "SCOPE", "What it may do, such as messages:write; * is everything.", repeatable: true),
                    .value("tenant", "TEXT", "Whose messages it sees."),
                    .value("daily-calls", "COUNT", "At most so many telephone calls a day."),
                    .value("daily-spend", "AMOUNT", "At most so much a day, such as 5.00."), output(["text", "json"]),
                ]),
            CommandSpec(
                "revoke", "Revoke a key for good.",
                positionals: [PositionalSpec("ID", .one, "The id of the key, not its text.")]),
        ])

    private static let contactID = PositionalSpec("ID", .one, "Your id of the contact.")
}
