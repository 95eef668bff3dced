/// One mistake in a script, with its place.
public struct SimulatorScriptProblem: Sendable, Equatable {
    /// A stable code: `syntax`, `type`, `unknown_key`, `duplicate_key`, `missing`, `value`, `duration`, `rate`, `number`,
    /// `error_code` or `conflict`.
    public let code: String
    /// What is wrong and what is expected.
    public let message: String
    /// The place as a JSON Pointer (RFC 6901) from the root of the script.
    public let pointer: String
    /// The line in the YAML source, from 1; nil for JSON.
    public let line: Int?
    /// The column in the YAML source, from 1; nil for JSON.
    public let column: Int?
}

/// All mistakes of a script, in the order of their places.
public struct SimulatorScriptError: Error, Sendable, Equatable, CustomStringConvertible {
    /// At least one.
    public let problems: [SimulatorScriptProblem]

    /// One line for each.
    public var description: String {
        problems.map { problem in
            let place = problem.line.map { "\($0):\(problem.column ?? 1): " } ?? "\(problem.pointer): "
            return place + problem.code + ": " + problem.message
        }.joined(separator: "\n")
    }
}
