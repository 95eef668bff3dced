/// A finding in channels.yaml: what is wrong, where, and what to do.
public struct Diagnostic: Sendable, Hashable {
    /// Whether the file can be used all the same.
    public var severity: Severity
    /// Stable, snake_case; see docs/configuration.md.
    public var code: String
    /// As given to the reader.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int
    /// One sentence for a person, with the nearest valid name; never a secret.
    public var message: String

    /// Whether the file can be used.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// It cannot.
        case error
        /// It can; `check` still fails.
        case warning
    }

    /// A finding at a place.
    public init(severity: Severity, code: String, file: String, line: Int, column: Int, message: String) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: error: message`, with the code at the end.
    public var text: String {
        file + ":" + String(line) + ":" + String(column) + ": " + severity.rawValue + ": " + message + " [" + code + "]"
    }
}

/// What came of reading a file.
public struct ConfigurationReading: Sendable {
    /// `nil` when there is an error among the diagnostics.
    public var configuration: GatewayConfiguration?
    /// Sorted by place.
    public var diagnostics: [Diagnostic]

    /// Whether nothing was found at all.
    public var isClean: Bool { diagnostics.isEmpty }
}

extension Diagnostic {
    /// An error that concerns the file as a whole.
    public init(_ code: String, _ message: String, file: String) {
        self.init(severity: .error, code: code, file: file, line: 1, column: 1, message: message)
    }
}
