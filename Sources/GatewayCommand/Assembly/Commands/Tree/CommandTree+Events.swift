import Arguments

extension CommandTree {
    /// What happened.
    static let events = CommandSpec(
        "events", "Show what happened in a running gateway, the oldest first.",
        discussion: """
              gateway events --types 'message.*,inbound.received'
              gateway events --follow --types twilio.sms.inbound -o json
            """,
        options: [
            .flag("follow", short: "f", "Show what happens from now on, or behind --cursor, until interrupted."),
            .value("types", "LIST", "Names or globs with commas between, such as message.* or twilio.sms.inbound."),
            .value("subject", "ID", "Those about this message, delivery or other subject."),
            .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
            .value("cursor", "ID", "Begin behind this one, as the last list said."),
            output(["text", "json"]),
        ] + APIAccess.specs)

    /// Who is told of events.
    static let subscriptions = CommandSpec(
        "subscriptions", "Read and change to whom a running gateway tells events.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List subscriptions and how they go.",
                options: [
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."), output(["text", "json"]),
                ]),
            CommandSpec(
                "get", "Show a subscription.", options: [output(["text", "json"])], positionals: [subscriptionID]),
            CommandSpec(
                "create", "Tell events to a URL. The secret of its signatures is shown this once.",
                discussion: """
                      gateway subscriptions create https://crm.example.com/hook --type 'message.*'
                    """,
                options: [
                    .value("type", "NAME", "Such as message.delivered; globs too.", repeatable: true),
                    .value("subject", "ID", "About this message or delivery alone."),
                    .value("after", "CURSOR", "Begin behind this one; 0000000000000 is the beginning."),
                    .value("max-age", "SPAN", "Pass over what is older when its turn comes, such as 7d."),
                    .flag("all-tenants", "Everybody's events."), output(["text", "json"]),
                ], positionals: [PositionalSpec("URL", .one, "Where events go.")]),
            CommandSpec("delete", "End a subscription.", positionals: [subscriptionID]),
            CommandSpec(
                "deliveries", "List what a receiver refused for good.",
                options: [
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."), output(["text", "json"]),
                ], positionals: [subscriptionID]),
            CommandSpec(
                "replay", "Send again what a receiver refused for good, or everything behind a cursor.",
                options: [.value("after", "CURSOR", "Everything behind this one.")], positionals: [subscriptionID]),
            CommandSpec(
                "stream", "Show how events go into the stream of Redis that the configuration names.",
                options: [output(["text", "json"])]),
        ])

    private static let subscriptionID = PositionalSpec("ID", .one, "The id of the subscription, sub_….")
}
