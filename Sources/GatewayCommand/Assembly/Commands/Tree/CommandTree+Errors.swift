import Arguments

extension CommandTree {
    /// What went wrong.
    static let errors = CommandSpec(
        "errors", "List the errors that a running gateway met while it sent and received, the newest first.",
        discussion: """
              gateway errors --severity error,critical --since 2h
              gateway errors --code provider_unavailable --channel sms --since 2026-11-26T09:00:00Z
              gateway errors --q 21211
            """,
        options: [
            .value("severity", "LIST", "Some of info, warning, error, critical, with commas between."),
            .value("code", "CODE", "Those with this code, such as provider_auth."),
            .value("channel", "NAME", "Those of this channel."),
            .value("provider", "NAME", "Those of this provider."),
            .value("since", "TIME", "Those that happened then or later: a time, or a span such as 2h before now."),
            .value("until", "TIME", "Those that happened before: a time, or a span before now."),
            .value("q", "TEXT", "Those with this text, this provider's code, or about this message or delivery."),
            .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
            .value("cursor", "ID", "Begin behind this one, as the last list said."),
            output(["text", "json"]), json,
        ] + APIAccess.specs)

    /// What is known of receipts.
    static let receipts = CommandSpec(
        "receipts", "Show what a running gateway has learned of receipts, for each sender and country.",
        options: [
            .value("channel", "NAME", "Those of this channel."),
            .value("country", "CODE", "Those of this country, such as CH."),
            .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
            .value("cursor", "TEXT", "Begin behind this one, as the last list said."),
            output(["text", "json"]), json,
        ] + APIAccess.specs)

    private static let json = OptionSpec.flag("json", "The same as --output json.")
}
