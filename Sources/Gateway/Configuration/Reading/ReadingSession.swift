import Arguments
import YAML

/// What one reading of a file shares: the outside world, the findings so far and the names that must exist.
/// It lives inside one call of the reader and never leaves it.
final class ReadingSession {
    let file: String
    let environment: [String: String]
    let readFile: @Sendable (String) throws -> [UInt8]
    let catalogue: AdapterCatalogue
    let isZone: @Sendable (String) -> Bool
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether there was an error, also one beyond the limit of diagnostics.
    private(set) var hasErrors = false
    private(set) var references: [Reference] = []
    /// The keys that each kind of section understands, as they were asked for; the schema is compared with it.
    private(set) var keys: [String: Set<String>] = [:]

    /// Off where the text is already resolved.
    var replacesVariables = true

    // What later sections need of earlier ones.
    var defaultLocale = "en"
    var currency = "USD"
    var times = Definitions<NamedTimes>()
    var patterns: [(name: String, detector: Detector)] = []
    var channels = Definitions<ChannelSettings>()
    /// The section `pin` is there.
    var hasPIN = false
    /// The section `queues` is there.
    var hasQueues = false
    /// Templates with errors of their own, which need no further ones.
    var brokenTemplates: Set<String> = []

    /// Far above what a file that people write can have; keeps a hostile one from filling the memory.
    private static let diagnosticLimit = 1000
    /// Leaves room for errors, so a full list always has some.
    private static let warningLimit = 500

    init(
        file: String, environment: [String: String], readFile: @escaping @Sendable (String) throws -> [UInt8],
        catalogue: AdapterCatalogue, isZone: @escaping @Sendable (String) -> Bool
    ) {
        self.file = file
        self.environment = environment
        self.readFile = readFile
        self.catalogue = catalogue
        self.isZone = isZone
    }

    func error(_ code: String, _ message: String, at mark: YAMLMark) { add(.error, code, message, mark) }

    func warning(_ code: String, _ message: String, at mark: YAMLMark) { add(.warning, code, message, mark) }

    private func add(_ severity: Diagnostic.Severity, _ code: String, _ message: String, _ mark: YAMLMark) {
        if severity == .error { hasErrors = true }
        guard !isFull, severity == .error || diagnostics.count < Self.warningLimit else { return }
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code, file: file, line: mark.line, column: mark.column, message: message))
    }

    /// No further finding is kept.
    var isFull: Bool { diagnostics.count >= Self.diagnosticLimit }

    func understood(_ key: String, in section: String) { keys[section, default: []].insert(key) }
}

// MARK: - Names

extension ReadingSession {
    /// What a name refers to; the raw value is the word in messages.
    enum Target: String, CaseIterable {
        case channel, provider, template, policy, times, menu, group, schedule, assistant, queue, workflow
    }

    /// A name that something must define.
    struct Reference {
        var target: Target
        var name: String
        var mark: YAMLMark
    }

    /// Notes a name for the check after the whole file is read.
    func refer(to target: Target, _ name: String, at mark: YAMLMark) {
        guard references.count < 100_000 else { return }
        references.append(Reference(target: target, name: name, mark: mark))
    }

    /// Contacts are data and not known here.
    func refer(to target: StepTarget, at mark: YAMLMark) {
        switch target {
        case .contact: break
        case .group(let name): refer(to: .group, name, at: mark)
        case .schedule(let name): refer(to: .schedule, name, at: mark)
        }
    }

    /// The end of a message about an unknown word: the nearest valid one, or the few that there are.
    static func advice(_ word: String, among names: [String]) -> String {
        if let nearest = NearestName.suggest(word, among: names.prefix(500)) { return "; did you mean '\(nearest)'?" }
        guard !names.isEmpty, names.count <= 14 else { return "" }
        return "; it is one of " + names.joined(separator: ", ")
    }
}
