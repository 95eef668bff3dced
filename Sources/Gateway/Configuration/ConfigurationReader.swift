import Crypto
import YAML
import Zones

/// Reads channels.yaml into typed values. Pure: the environment, other files and the known zones are given to it.
public struct ConfigurationReader: Sendable {
    /// Values of `${VAR}`.
    public var environment: [String: String]
    /// Reads the files of `KEY_file`, given as written; the caller resolves relative paths.
    public var readFile: @Sendable (String) throws -> [UInt8]
    /// What the file may name.
    public var catalogue: AdapterCatalogue
    /// Whether an IANA zone is known.
    public var isZone: @Sendable (String) -> Bool
    /// Accepts a `simulator:` section although a provider is real.
    public var allowsIdleSimulator = false

    /// A reader that knows the zones of the system.
    public init(
        environment: [String: String], readFile: @escaping @Sendable (String) throws -> [UInt8],
        catalogue: AdapterCatalogue,
        isZone: @escaping @Sendable (String) -> Bool = { (try? Zone(named: $0)) != nil }
    ) {
        self.environment = environment
        self.readFile = readFile
        self.catalogue = catalogue
        self.isZone = isZone
    }

    /// Reads a whole file and checks it. All errors are reported, not the first alone; only a fault of the YAML itself
    /// ends the reading.
    /// - Parameter file: the name in diagnostics.
    public func read(_ bytes: [UInt8], file: String) -> ConfigurationReading {
        let session = makeSession(file: file)
        let configuration = read(bytes, in: session)
        let diagnostics = session.diagnostics.sorted { left, right in
            (left.line, left.column, left.code, left.message) < (right.line, right.column, right.code, right.message)
        }
        return ConfigurationReading(
            configuration: session.hasErrors ? nil : configuration, diagnostics: diagnostics)
    }

    func makeSession(file: String) -> ReadingSession {
        ReadingSession(
            file: file, environment: environment, readFile: readFile, catalogue: catalogue, isZone: isZone)
    }

    func read(_ bytes: [UInt8], in session: ReadingSession) -> GatewayConfiguration? {
        let root: YAMLNode
        do {
            root = try YAMLNode.parse(bytes)
        } catch {
            session.error("yaml_" + error.code, error.message, at: error.mark)
            return nil
        }
        guard let section = SectionReader(session, root, section: "root", title: "the file") else { return nil }
        var configuration = FileSection(session: session).read(section)
        section.finish()
        ConfigurationChecks(session: session, configuration: configuration, root: section)
            .run(allowsIdleSimulator: allowsIdleSimulator)
        configuration.fileHash = Hex.encode(HashAlgorithm.sha256.digest(bytes))
        configuration.hash = Hex.encode(HashAlgorithm.sha256.digest(configuration.snapshot()))
        return configuration
    }
}
