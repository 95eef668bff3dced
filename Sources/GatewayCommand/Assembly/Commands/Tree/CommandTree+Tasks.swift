import Arguments

extension CommandTree {
    /// Work for people.
    static let tasks = CommandSpec(
        "tasks", "Read and change the work that messages and calls make for people.", options: APIAccess.specs,
        subcommands: [
            CommandSpec(
                "list", "List tasks, the oldest first.",
                options: [
                    .value(
                        "state", "STATE", "open, all, pending, reserved, assigned, completed or canceled.",
                        default: "open",
                        choices: ["open", "all", "pending", "reserved", "assigned", "completed", "canceled"]),
                    .value("queue", "NAME", "Those of this queue alone."),
                    .value("worker", "NAME", "Those that this worker has, had or is offered."),
                    .value("contact", "ID", "Those of this contact."),
                    .value("limit", "COUNT", "How many at most, 1 to 500.", default: "50"),
                    .value("cursor", "ID", "Begin behind this one, as the last list said."),
                    output(["text", "json"]),
                ]),
            CommandSpec("get", "Show a task.", options: [output(["text", "json"])], positionals: [taskID]),
            CommandSpec(
                "accept", "Take a task.",
                options: [.value("worker", "NAME", "Who takes it."), output(["text", "json"])], positionals: [taskID]),
            CommandSpec(
                "reject", "Give a task back that was taken, or do not take one that is offered.",
                options: [holder, output(["text", "json"])], positionals: [taskID]),
            CommandSpec(
                "complete", "Say that a task is done.",
                options: [.value("reason", "TEXT", "What came of it."), holder, output(["text", "json"])],
                positionals: [taskID]),
            CommandSpec(
                "cancel", "Say that nobody is to do a task any more.",
                options: [.value("reason", "TEXT", "Why."), output(["text", "json"])], positionals: [taskID]),
            CommandSpec(
                "transfer", "Hand a task on to a queue or a worker.",
                options: [
                    .value("queue", "NAME", "Where it waits from now on."),
                    .value("to", "NAME", "The worker whom it is offered."), holder, output(["text", "json"]),
                ], positionals: [taskID]),
        ])

    private static let taskID = PositionalSpec("ID", .one, "The id of the task, tsk_….")
    private static let holder = OptionSpec.value("worker", "NAME", "Only if this worker has it, or is offered it.")

    /// Those who are given tasks.
    static let workers = CommandSpec(
        "workers", "Show who works, and say who is available.", options: APIAccess.specs,
        subcommands: [
            CommandSpec("list", "List the workers of the configuration.", options: [output(["text", "json"])]),
            CommandSpec("get", "Show a worker.", options: [output(["text", "json"])], positionals: [workerName]),
            CommandSpec(
                "set", "Say whether tasks may come.", options: [output(["text", "json"])],
                positionals: [
                    workerName, PositionalSpec("ACTIVITY", .one, "available, unavailable or offline."),
                ]),
        ])

    private static let workerName = PositionalSpec("NAME", .one, "The worker's name in the configuration.")

    /// How queues do.
    static let queues = CommandSpec(
        "queues", "List the queues of tasks with what waits, and how fast tasks were accepted and done.",
        options: [
            .value("hours", "COUNT", "Of how many hours, 1 to 720.", default: "24"), output(["text", "json"]),
        ] + APIAccess.specs)
}
