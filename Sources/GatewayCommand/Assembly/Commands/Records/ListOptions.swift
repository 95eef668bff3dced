import Arguments
import Forms

/// The options of commands that list something.
enum ListOptions {
    /// `?limit=&cursor=` and filters, as the API takes them.
    /// - Parameter filters: what the options say; `nil` for what is not given.
    static func query(
        _ parsed: ParsedCommand, _ filters: [(name: String, value: String?)]
    ) throws(CommandFailure) -> String {
        let limit: Int?
        do throws(UsageError) {
            limit = try parsed.integer("limit", in: 1...500)
        } catch {
            throw CommandFailure(error.code.rawValue, error.message, exit: UsageError.exitCode)
        }
        return (filters + [("cursor", parsed.value("cursor"))]).reduce("?limit=\(limit ?? 50)") { query, field in
            query + (field.value.map { "&\(field.name)=" + PercentCoding.encode($0) } ?? "")
        }
    }

    /// The answer is wanted as JSON.
    static func wantsJSON(_ parsed: ParsedCommand) -> Bool {
        parsed.value("output") == "json" || parsed.has("json")
    }
}
