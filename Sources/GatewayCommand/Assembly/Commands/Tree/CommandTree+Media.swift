import Arguments

extension CommandTree {
    /// Files that people sent.
    static let media = CommandSpec(
        "media", "Read, save, file and delete what people sent with their messages.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List files, the newest first.",
                options: [
                    .value("state", "STATE", "Those that are waiting, stored, refused or failed."),
                    .value("boat", "ID", "Those of this boat."), .value("contact", "ID", "Those of this contact."),
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."), output(["text", "json"]),
                ]),
            CommandSpec("get", "Show a file.", options: [output(["text", "json"])], positionals: [mediaID]),
            CommandSpec(
                "save", "Write a file to the disk; its name goes to the output.",
                options: [
                    .value(
                        "to", "FILE", "Where to, which must not be there; otherwise the id in the current folder.",
                        completion: .files)
                ], positionals: [mediaID]),
            CommandSpec("link", "Make a link to a file that needs no key and ends by itself.", positionals: [mediaID]),
            CommandSpec(
                "file", "Make a file a document of a boat.",
                options: [
                    .value("boat", "ID", "The boat."), .value("type", "NAME", "Of the document, such as photo."),
                    .value("title", "TEXT", "Of the document; otherwise the first line of the message."),
                    output(["text", "json"]),
                ], positionals: [mediaID]),
            CommandSpec(
                "retry", "Fetch a file again at once.", options: [output(["text", "json"])], positionals: [mediaID]),
            CommandSpec(
                "delete", "Delete a file, its documents and whatever link leads to it.", positionals: [mediaID]),
        ])

    private static let mediaID = PositionalSpec("ID", .one, "The id of the file, med_….")
}
