import JSON

/// A file with one JSON object.
enum JSONFile {
    /// Reads a file; `-` is standard input.
    static func read(_ path: String, _ context: CommandContext) throws(CommandFailure) -> JSONValue {
        let bytes = try context.readFile(path)
        let name = path == "-" ? "standard input" : path
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, maxDepth: 16)
        } catch {
            throw CommandFailure("bad_json", "\(name):\(error.line):\(error.column): \(error.message)")
        }
        guard value.object != nil else { throw CommandFailure("bad_json", "\(name): must be a JSON object") }
        return value
    }
}
