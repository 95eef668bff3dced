import Arguments

/// Finds the command of a command line and runs it.
enum CommandRunner {
    /// Runs a command.
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit status.
    static func run(_ arguments: [String], _ context: CommandContext) -> Int32 {
        guard let first = arguments.first else {
            context.errors.write(HelpText.text(of: CommandTree.program))
            return UsageError.exitCode
        }
        guard !CommandTree.later.contains(first) else {
            context.complain("the command '\(first)' is not in this version")
            return UsageError.exitCode
        }
        do throws(UsageError) {
            let parsed = try CommandLineParser(CommandTree.program).parse(
                first == "--version" ? ["version"] : arguments)
            if parsed.wantsHelp {
                context.output.write(HelpText.text(of: CommandTree.program, path: parsed.path))
                return 0
            }
            return try run(parsed, context)
        } catch {
            let command = (["gateway"] + error.path).joined(separator: " ")
            context.complain("\(error.message)\nTry '\(command) --help'.")
            return UsageError.exitCode
        }
    }

    private static func run(_ parsed: ParsedCommand, _ context: CommandContext) throws(UsageError) -> Int32 {
        do throws(CommandFailure) {
            return try command(parsed, context)
        } catch {
            guard error.exit != UsageError.exitCode else {
                throw UsageError(.invalidValue, error.message, path: parsed.path)
            }
            context.complain(PlainText.lines(error.message).joined(separator: "\n"))
            return error.exit
        }
    }

    private static func command(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) -> Int32 {
        switch parsed.path.first {
        case "serve": GatewayProgram.serve(serveOptions(parsed))
        case "simulator": GatewayProgram.simulator(serveOptions(parsed))
        case "demo": GatewayProgram.demo(demoOptions(parsed, context))
        case "check": CheckCommand(context).run(parsed)
        case "explain": try ExplainCommand(context).run(parsed)
        case "menu": try MenuCommand(context).run(parsed)
        case "send": try SendCommand(context).run(parsed)
        case "batch": try BatchCommand(context).run(parsed)
        case "timeline": try TimelineCommand(context).run(parsed)
        case "reviews": try ReviewsCommand(context).run(parsed)
        case "tasks": try TasksCommand(context).run(parsed)
        case "workers": try WorkersCommand(context).run(parsed)
        case "queues": try QueuesCommand(context).run(parsed)
        case "conferences": try ConferencesCommand(context).run(parsed)
        case "events": try EventsCommand(context).run(parsed)
        case "subscriptions": try SubscriptionsCommand(context).run(parsed)
        case "media": try MediaCommand(context).run(parsed)
        case "errors": try ErrorsCommand(context).run(parsed)
        case "receipts": try ReceiptsCommand(context).run(parsed)
        case "cost" where !parsed.values("usage").isEmpty: try UsageCommand(context).run(parsed)
        case "cost": try CostCommand(context).run(parsed)
        case "contacts": try ContactsCommand(context).run(parsed)
        case "warranties": try WarrantiesCommand(context).run(parsed)
        case "keys": try KeysCommand(context).run(parsed)
        case "config": try ConfigCommand(context).run(parsed)
        case "completions": try completions(parsed, context)
        default: VersionCommand(context).run(parsed)
        }
    }

    private static func serveOptions(_ parsed: ParsedCommand) -> ServeOptions {
        ServeOptions(
            config: parsed.value("config") ?? CommandTree.defaultConfiguration, data: parsed.value("data"),
            allowsIdleSimulator: parsed.path.first == "simulator" || parsed.has("with-simulator"))
    }

    private static func demoOptions(_ parsed: ParsedCommand, _ context: CommandContext) -> DemoOptions {
        DemoOptions(
            config: parsed.value("config") ?? CommandTree.defaultConfiguration, data: parsed.value("data"),
            keepsServing: parsed.has("serve"), paint: context.paint)
    }

    private static func completions(_ parsed: ParsedCommand, _ context: CommandContext) throws(CommandFailure) -> Int32
    {
        let word = parsed.value("SHELL") ?? ""
        guard let shell = Shell(rawValue: word) else {
            let known = Shell.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure("unknown_shell", "there are completions for \(known), not for '\(word)'", exit: 2)
        }
        context.output.write(CompletionScript.text(for: shell, of: CommandTree.program))
        return 0
    }
}
