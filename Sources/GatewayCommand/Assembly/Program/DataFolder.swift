import Crypto
import Gateway
import Glibc
import JSON
import Server

/// The folder of a running gateway: its store, keys and addresses. Files with secrets have mode 0600.
struct DataFolder: Sendable {
    let path: String

    /// The folder is made when it is missing (0700).
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        var partial = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o700) != 0, errno != EEXIST {
                throw CommandFailure("data_folder", "\(partial): \(Files.reason(errno))")
            }
        }
    }

    func file(_ name: String) -> String { path + "/" + name }

    /// The secret behind tokens in callback URLs; made at the first start.
    func tokenKey() throws(CommandFailure) -> [UInt8] {
        let name = file("token.key")
        if let text = try? Files.read(name), let key = Hex.decode(String(decoding: text, as: UTF8.self).trimmed),
            key.count >= 16
        {
            return key
        }
        guard let key = SecureRandom.bytes(32) else {
            throw CommandFailure("randomness", "the system has no randomness")
        }
        try Files.write(Array((Hex.encode(key) + "\n").utf8), to: name, mode: 0o600)
        return key
    }

    /// Where files lie that people sent; what an earlier run left unfinished is removed.
    func media() throws(CommandFailure) -> MediaFolder {
        do throws(MediaDiskError) {
            return try MediaFolder(file("media"))
        } catch {
            throw CommandFailure("data_folder", "\(file("media")): \(error.message)")
        }
    }

    /// The key that the command line uses; written when the store has none.
    func writeAdminKey(_ text: String) throws(CommandFailure) {
        try Files.write(Array((text + "\n").utf8), to: file("admin.key"), mode: 0o600)
    }

    /// What remembers over a crash; a store in memory forgets everything anyway, and has no lock.
    func recorder(_ store: StoreLocation) throws(CommandFailure) -> (any CrashRecorder)? {
        guard case .sqlite = store else { return nil }
        do throws(CrashFileError) {
            return try CrashFile(path: file("crash.mark"))
        } catch {
            throw CommandFailure("data_folder", error.message)
        }
    }

    /// The bound addresses, for commands and scripts.
    func writeAddresses(_ addresses: BoundAddresses) throws(CommandFailure) {
        var out: JSONObject = ["public": .string(addresses.publicURL), "private": .string(addresses.privateURL)]
        out["simulator"] = addresses.simulatorURL.map(JSONValue.string)
        out["pid"] = .integer(Int64(getpid()))
        try Files.write(JSONValue.object(out).bytes(pretty: true) + [0x0A], to: file("listen.json"), mode: 0o644)
    }
}

/// Where a running gateway answers.
struct BoundAddresses: Sendable, Hashable {
    var publicURL: String
    var privateURL: String
    var simulatorURL: String?
}

extension String {
    /// Without blanks and line ends around it.
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
