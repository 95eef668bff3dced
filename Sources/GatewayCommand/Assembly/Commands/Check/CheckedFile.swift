import Gateway

/// What `check` found out about one file.
struct CheckedFile: Sendable {
    let file: String
    /// Sorted by place.
    let diagnostics: [Diagnostic]
    /// Empty for a file with errors.
    let bounds: [PolicyBound]

    /// Reads a file. One that cannot be read has that as its only finding.
    init(_ file: String, _ context: CommandContext) {
        self.file = file
        do throws(CommandFailure) {
            let reading = try readConfiguration(file: file, environment: context.environment)
            diagnostics = reading.diagnostics
            bounds = reading.configuration.map(PolicyBound.all) ?? []
        } catch {
            diagnostics = [
                Diagnostic(severity: .error, code: error.code, file: file, line: 1, column: 1, message: error.message)
            ]
            bounds = []
        }
    }

    /// A file with these findings.
    init(file: String, diagnostics: [Diagnostic], bounds: [PolicyBound] = []) {
        self.file = file
        self.diagnostics = diagnostics
        self.bounds = bounds
    }

    /// How many findings of this severity there are.
    func count(_ severity: Diagnostic.Severity) -> Int { diagnostics.count { $0.severity == severity } }
}
