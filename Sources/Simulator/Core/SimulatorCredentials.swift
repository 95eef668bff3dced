import Crypto
import Glibc
import JSON

/// The account of the simulated provider.
public struct SimulatorCredentials: Sendable, Equatable {
    /// The account's identifier, `AC…`.
    public var accountSID: String
    /// The secret that authenticates requests and signs webhooks with HMAC-SHA1.
    public var authToken: String
    /// The identifier of the account's API key, `SK…`.
    public var keySID: String
    /// The secret of the API key; signs access tokens, and webhooks with HMAC-SHA256 where the script asks for it.
    public var keySecret: String

    /// Makes credentials of given parts.
    public init(accountSID: String, authToken: String, keySID: String, keySecret: String) {
        self.accountSID = accountSID
        self.authToken = authToken
        self.keySID = keySID
        self.keySecret = keySecret
    }

    /// Reads `simulator.json` in a folder; makes the file with random credentials and mode 0600 when it is not there.
    /// - Throws: `SimulatorCredentialsError` when the file cannot be read or written or has not the expected content.
    public static func loadOrCreate(folder: String) throws(SimulatorCredentialsError) -> SimulatorCredentials {
        let path = folder + "/simulator.json"
        if let bytes = try CredentialsFile.read(path) {
            guard let credentials = SimulatorCredentials(bytes) else {
                throw SimulatorCredentialsError(code: "content", message: "\(path) does not hold credentials")
            }
            return credentials
        }
        let fresh = try random()
        if try CredentialsFile.create(path, fresh.bytes) { return fresh }
        // Another process was faster; its credentials count.
        guard let bytes = try CredentialsFile.read(path), let credentials = SimulatorCredentials(bytes) else {
            throw SimulatorCredentialsError(code: "content", message: "\(path) does not hold credentials")
        }
        return credentials
    }

    private static func random() throws(SimulatorCredentialsError) -> SimulatorCredentials {
        var parts: [String] = []
        for _ in 0..<4 {
            guard let bytes = SecureRandom.bytes(16) else {
                throw SimulatorCredentialsError(code: "random", message: "the system gives no random bytes")
            }
            parts.append(Hex.encode(bytes))
        }
        return SimulatorCredentials(
            accountSID: "AC" + parts[0], authToken: parts[1], keySID: "SK" + parts[2], keySecret: parts[3])
    }

    private init?(_ bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), let account = value["account_sid"]?.string,
            let token = value["auth_token"]?.string, let key = value["api_key_sid"]?.string,
            let secret = value["api_key_secret"]?.string, SIDFactory.isSID(account, "AC"), !token.isEmpty
        else { return nil }
        self.init(accountSID: account, authToken: token, keySID: key, keySecret: secret)
    }

    private var bytes: [UInt8] {
        let value: JSONValue = [
            "account_sid": .string(accountSID), "auth_token": .string(authToken),
            "api_key_sid": .string(keySID), "api_key_secret": .string(keySecret),
        ]
        return value.bytes(pretty: true) + [UInt8(ascii: "\n")]
    }
}

/// Why the credentials of the simulator are not to be had.
public struct SimulatorCredentialsError: Error, Sendable, Equatable {
    /// `read`, `write`, `content` or `random`.
    public let code: String
    /// For a person; names the file, never a secret.
    public let message: String
}

/// Reads and creates the small file; nothing else in the core touches the file system.
private enum CredentialsFile {
    /// The content, nil when there is no such file.
    static func read(_ path: String) throws(SimulatorCredentialsError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        if file < 0 {
            if errno == ENOENT { return nil }
            throw SimulatorCredentialsError(code: "read", message: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        var content: [UInt8] = []
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SimulatorCredentialsError(code: "read", message: "\(path) cannot be read") }
            if count == 0 || content.count > 65_536 { return content }
            content += buffer[..<count]
        }
    }

    /// Makes the file whole under another name first; false when it exists already.
    static func create(_ path: String, _ content: [UInt8]) throws(SimulatorCredentialsError) -> Bool {
        let draft = "\(path).\(getpid())"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw SimulatorCredentialsError(code: "write", message: "\(draft): \(String(cString: strerror(errno)))")
        }
        let written = write(file, content, content.count) == content.count && fsync(file) == 0
        close(file)
        defer { unlink(draft) }
        guard written else { throw SimulatorCredentialsError(code: "write", message: "\(draft) cannot be written") }
        if link(draft, path) == 0 { return true }
        if errno == EEXIST { return false }
        throw SimulatorCredentialsError(code: "write", message: "\(path): \(String(cString: strerror(errno)))")
    }
}
