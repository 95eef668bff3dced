import Arguments
import JSON

/// `gateway queues`.
struct QueuesCommand {
    let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func run(_ parsed: ParsedCommand) throws(CommandFailure) -> Int32 {
        let hours: Int?
        do throws(UsageError) {
            hours = try parsed.integer("hours", in: 1...720)
        } catch {
            throw CommandFailure(error.code.rawValue, error.message, exit: UsageError.exitCode)
        }
        let api = try context.connect(try APIAccess(parsed, context))
        table.list(try api.value("GET", "/v1/queues?hours=\(hours ?? 24)"), parsed)
        return 0
    }

    private var table: RecordTable {
        let header = ["NAME", "WAITING", "OLDEST", "ASSIGNED", "ACCEPTED", "WAITED", "HANDLED", "IN TIME", "WORKERS"]
        return RecordTable(context: context, header: header) { queue in
            [
                queue["name"]?.string ?? "", Self.count(queue["waiting"]), Self.seconds(queue["oldest_wait"]),
                Self.count(queue["assigned"]), Self.count(queue["accepted"]), Self.seconds(queue["waited"]),
                Self.seconds(queue["handled"]), Self.level(queue["service_level"]),
                (queue["workers"]?.array ?? []).compactMap(\.string).joined(separator: ", "),
            ]
        }
    }

    private static func count(_ value: JSONValue?) -> String { value?.int.map(String.init) ?? "" }

    /// With a digit behind the point; a dash for what is not known.
    private static func seconds(_ value: JSONValue?) -> String {
        value?.double.map { "\(($0 * 10).rounded() / 10) s" } ?? "-"
    }

    private static func level(_ value: JSONValue?) -> String {
        guard let within = value?["within"]?.string else { return "-" }
        let share = value?["share"]?.double.map { "\(Int(($0 * 100).rounded())) %" } ?? "-"
        return "\(share) in \(within)"
    }
}
