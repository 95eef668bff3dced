import Foundation
import Glibc
import JSON

/// A real server of Redis on a free port of this machine, with a folder of its own in which every write is kept. It is the
/// binary of Debian's package redis-tools, which is the server where it is called so: the package redis-server would start
/// a service.
final class RedisServer {
    static let binary = "/usr/bin/redis-check-rdb"
    static let isThere = FileManager.default.isExecutableFile(atPath: binary)

    let folder: Folder
    let port: Int
    private let options: [String]
    private let isTLS: Bool
    private var program: Program?

    /// - Parameter isTLS: with a certificate of the authority in `ca.pem` of the folder.
    init(_ options: [String] = [], isTLS: Bool = false) throws {
        folder = try Folder()
        port = try Self.freePort()
        self.isTLS = isTLS
        let path = folder.path
        if isTLS { try Certificates.make(in: folder) }
        self.options =
            options + [
                "--bind", "127.0.0.1", "--dir", path, "--appendonly", "yes", "--appendfsync", "always", "--save", "",
            ]
            + (isTLS
                ? [
                    "--port", "0", "--tls-port", String(port), "--tls-cert-file", path + "/server.pem",
                    "--tls-key-file",
                    path + "/server.key", "--tls-ca-cert-file", path + "/ca.pem", "--tls-auth-clients", "no",
                ] : ["--port", String(port)])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/redis-server", withDestinationPath: Self.binary)
        try start()
    }

    func start() throws {
        program = try Program(folder.path + "/redis-server", options, in: folder)
        try eventually("the server\n" + (program?.output ?? "")) {
            let answer = try? tell("PING").text
            return answer.map { $0.contains("PONG") || $0.contains("NOAUTH") } ?? false ? true : nil
        }
    }

    func kill() throws {
        program?.send(SIGKILL)
        try program?.wait()
        program = nil
    }

    /// What `redis-cli` prints of a command, as JSON where it is.
    @discardableResult
    func tell(_ command: String..., user: [String] = []) throws -> (text: String, json: JSONValue?) {
        let client = try Program(
            "/usr/bin/redis-cli",
            ["-h", "127.0.0.1", "-p", String(port), "-3", "--json"] + user
                + (isTLS ? ["--tls", "--cacert", folder.path + "/ca.pem"] : []) + command, in: folder)
        try client.wait()
        let text = client.output + client.errorOutput
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let json = try? JSONValue(parsing: Array(trimmed.utf8))
        return (json?.string ?? trimmed, json)
    }

    /// Entries of a stream: the id, and the fields by name.
    func entries(_ stream: String = "gateway:events") throws -> [(id: String, fields: [String: String])] {
        (try tell("XRANGE", stream, "-", "+").json?.array ?? []).map { entry in
            let words = (entry[1]?.array ?? []).compactMap(\.string)
            let pairs = stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) }
            return (entry[0]?.string ?? "", Dictionary(pairs) { first, _ in first })
        }
    }

    /// One that was free a moment ago.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else { throw Failure("there is no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
