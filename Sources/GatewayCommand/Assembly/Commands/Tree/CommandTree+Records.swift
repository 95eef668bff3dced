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
        ])

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
