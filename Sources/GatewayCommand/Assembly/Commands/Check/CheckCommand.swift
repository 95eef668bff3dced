import Arguments
import JSON

/// `gateway check FILE…`.
struct CheckCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) -> Int32 {
        let files = parsed.values("FILE").map { CheckedFile($0, context) }
        let isStrict = parsed.has("strict")
        switch parsed.value("output") {
        case "json": context.print(CheckReport.json(files))
        case "sarif": context.print(SARIFReport.value(files))
        default: context.output.write(CheckReport.text(files, context.paint))
        }
        let isBad = files.contains { $0.count(.error) > 0 || isStrict && $0.count(.warning) > 0 }
        return isBad ? 1 : 0
    }
}
