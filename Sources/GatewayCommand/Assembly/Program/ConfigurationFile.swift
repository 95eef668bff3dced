import Crypto
import Gateway
import Glibc

/// channels.yaml on disk, read with the process's environment.
struct ConfigurationFile: Sendable {
    let path: String
    let environment: [String: String]
    var allowsIdleSimulator = false

    /// All errors are in the reading.
    /// - Throws: when the file cannot be read at all.
    func read() throws(CommandFailure) -> ConfigurationReading { check(try content()) }

    /// The file as it is now.
    func content() throws(CommandFailure) -> [UInt8] { try Files.read(path) }

    /// By which a content is recognised: its SHA-256.
    static func fingerprint(_ content: [UInt8]) -> [UInt8] { HashAlgorithm.sha256.digest(content) }

    /// Checks bytes as if they stood in the file.
    func check(_ bytes: [UInt8]) -> ConfigurationReading {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        var reader = ConfigurationReader(
            environment: environment,
            readFile: { name in try Files.read(name.hasPrefix("/") ? name : folder + name) },
            catalogue: ProgramCatalogue.value)
        reader.allowsIdleSimulator = allowsIdleSimulator
        return reader.read(bytes, file: path)
    }

    /// The process's environment.
    static var processEnvironment: [String: String] {
        var values: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let cut = text.firstIndex(of: "=") {
                values[String(text[..<cut])] = String(text[text.index(after: cut)...])
            }
            entry += 1
        }
        return values
    }
}

/// Reads a configuration with the process's environment.
func readConfiguration(file: String, environment: [String: String]) throws(CommandFailure) -> ConfigurationReading {
    try ConfigurationFile(path: file, environment: environment).read()
}
