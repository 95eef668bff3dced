import Crypto
import EventLoop
import HTTP

/// The simulator behind a listener of its own, in real time. Use a loopback address: its control API asks for no
/// credentials.
public final class SimulatorServer: Sendable {
    private let host: String
    private let script: SimulatorScript
    private let credentials: SimulatorCredentials
    private let driver: SimulatorDriver
    private let server: HTTPServer
    private let client: HTTPClient

    /// Makes a server; it listens after ``start()``.
    /// - Parameters:
    ///   - group: the loops, which have to be started by the caller; the simulator itself lives on the first.
    ///   - host: a numeric address of this machine.
    ///   - port: 0 takes a free one.
    ///   - log: takes one line about each webhook that failed; no number, no text of a message is in it.
    public convenience init(
        group: EventLoopGroup, host: String, port: Int, script: SimulatorScript, credentials: SimulatorCredentials,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(HTTPServerError) {
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 128
        try self.init(
            group: group, host: host, port: port, script: script, credentials: credentials, limits: limits, log: log)
    }

    init(
        group: EventLoopGroup, host: String, port: Int, script: SimulatorScript, credentials: SimulatorCredentials,
        limits: HTTPClientLimits, log: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(HTTPServerError) {
        self.host = host
        self.script = script
        self.credentials = credentials
        client = HTTPClient(group: group, limits: limits)
        let driver = SimulatorDriver(
            loop: group.loops[0], client: client, webhookWindow: limits.connectionsPerOrigin, log: log)
        self.driver = driver
        server = try HTTPServer(group: group, host: host, port: port) { request, responder in
            driver.handle(request, responder)
        }
    }

    /// Binds, listens and begins to simulate. Returns the port in use.
    public func start() throws(HTTPServerError) -> Int {
        let port = try server.start()
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        let (script, credentials) = (script, credentials)
        // Identifiers of an earlier start may be kept somewhere, so this start has its own.
        let incarnation = (SecureRandom.bytes(8) ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        driver.install {
            TwilioSimulator(
                script: script, credentials: credentials, baseURL: "http://\(name):\(port)", incarnation: incarnation)
        }
        return port
    }

    /// Puts another script in force; what has begun goes on by the old one.
    public func apply(_ script: SimulatorScript) {
        driver.apply(script)
    }

    /// Closes the listener and every connection, forgets everything.
    public func stop() {
        server.stop()
        // Nothing of it follows from what the client gives up.
        driver.install { nil }
        client.shutdown()
    }
}
