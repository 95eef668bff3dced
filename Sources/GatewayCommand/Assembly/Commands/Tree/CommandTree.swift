import Arguments

/// The declaration of all commands; help, completions and parsing follow from it.
enum CommandTree {
    /// The file that commands read when none is named.
    static let defaultConfiguration = "channels.yaml"
    /// The folder of a gateway that runs beside the command.
    static let defaultData = "data"

    /// Commands that other versions have.
    static let later: Set<String> = [
        "test", "simulate", "diff", "tail", "top", "replay", "signature", "audit", "backup",
        "restore", "migrate", "smoke",
    ]

    /// The program.
    static let program = CommandSpec(
        "gateway",
        "Sends messages and calls until somebody has seen them: WhatsApp, SMS, voice, in the order of your rules.",
        discussion: """
            Data goes to standard output, messages to standard error. The exit status is 0 for done, 1 for a failure or \
            findings, 2 for a call that cannot be understood.
            """,
        subcommands: [
            serve, demo, simulator, check, explain, menu, send, batch, timeline, events, subscriptions, reviews, tasks,
            workers, queues, conferences, errors,
            receipts, cost, media, contacts, warranties, keys, config, version, completions,
        ])

    // MARK: the server

    private static let serve = CommandSpec(
        "serve", "Run the gateway until it is interrupted.",
        discussion: """
            SIGTERM and SIGINT end it after everything that is under way was stored; SIGHUP reads the configuration again, \
            all of it or nothing.

            The bound addresses are in listen.json and the first API key is in admin.key, both in the data folder.
            """,
        options: [
            configuration, data("The folder of store, keys and addresses."),
            .flag("with-simulator", "Accept a 'simulator:' section while a provider is real."),
        ])

    private static let demo = CommandSpec(
        "demo", "Send a warranty alert to a scripted recipient and show what happens.",
        discussion: """
            Nothing leaves the machine: the built-in simulator stands in for the provider. WhatsApp and SMS fail, the call \
            is answered. The exit status is 0 when the alert was acknowledged.
            """,
        options: [
            configuration, data("Keep the demo's data here instead of in a temporary folder."),
            .flag("serve", "Go on serving until interrupted."),
        ])

    private static let simulator = CommandSpec(
        "simulator", "Run the stand-in for the provider alone.",
        options: [configuration, data("The folder of the simulator's credentials.")])

    // MARK: configurations

    private static let check = CommandSpec(
        "check", "Tell everything that can be known of configurations without running them.",
        discussion: """
            Syntax, types, references, rules that can never match, clocks that cannot fit; and for each policy how long a \
            delivery can take and what it can cost. The exit status is 0 for a usable file, 1 for errors (with --strict \
            for warnings too), 2 for a wrong call.
            """,
        options: [
            .flag("strict", "Warnings count as findings."), output(["text", "json", "sarif"]),
        ],
        positionals: [PositionalSpec("FILE", .several, "A configuration, such as channels.yaml.", completion: .files)])

    private static let config = CommandSpec(
        "config", "Show configurations.",
        subcommands: [
            CommandSpec(
                "print", "Print a configuration as the gateway understands it, defaults filled in, without secrets.",
                options: [configuration, output(["text", "json"])])
        ])

    private static let explain = CommandSpec(
        "explain", "Tell which rules decide about a message, and what would be sent when. Sends nothing.",
        discussion: """
            Needs no running gateway. Recipients are numbers: contacts, and what is left of budgets, are known to a running \
            gateway alone, which --running asks.

              gateway explain --to +41791234567 --topic warranty.expiring --priority high --text "Hello"
              gateway explain --envelope message.json
            """,
        options: [configuration] + MessageOptions.specs + [
            .flag("running", "Ask the running gateway, with its contacts and budgets."), output(["text", "json"]),
        ] + APIAccess.specs)

    // MARK: the running gateway

    private static let send = CommandSpec(
        "send", "Send a message through a running gateway.",
        discussion: """
              gateway send --to +41791234567 --text "The survey is at nine."
              gateway send --to contact:anna --template warranty_due --priority high --variable item=Watermaker
              gateway send --file recipients.csv --template warranty_due --follow
            """,
        options: MessageOptions.specs + [
            .value(
                "file", "FILE",
                "Many recipients, as CSV with the columns to, locale, label.NAME and those of variables.",
                completion: .files),
            .value("idempotency-key", "TEXT", "The same key and message are accepted only once, for 24 hours."),
            .flag("follow", short: "f", "Show the timeline until the message is done."),
            output(["text", "json"]),
        ] + APIAccess.specs)

    private static let timeline = CommandSpec(
        "timeline", "Show everything that happened to a message.",
        options: [
            .flag("follow", short: "f", "Wait for what happens until the message is done."), output(["text", "json"]),
        ] + APIAccess.specs,
        positionals: [PositionalSpec("ID", .one, "The id of a message or of one delivery.")])

    private static let version = CommandSpec(
        "version", "Print the versions of the program and of the libraries that it runs with.",
        options: [output(["text", "json"])])

    private static let completions = CommandSpec(
        "completions", "Print completions for a shell, to be sourced.",
        positionals: [PositionalSpec("SHELL", .one, "bash, zsh or fish.")])

    // MARK: options of several commands

    static let configuration = OptionSpec.value(
        "config", short: "c", "FILE", "The configuration.", default: defaultConfiguration, completion: .files)

    static func data(_ help: String) -> OptionSpec { .value("data", "FOLDER", help, completion: .folders) }

    static func output(_ choices: [String]) -> OptionSpec {
        .value("output", short: "o", "FORMAT", "The form of the answer.", default: "text", choices: choices)
    }
}
