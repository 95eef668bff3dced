import EventLoop
import Gateway
import HTTP
import Server
import Simulator
import Synchronization
import TLS
import Telemetry

/// The bound listeners; requests before `connect` are answered with 503.
struct Listeners {
    let servers: [HTTPServer]
    let simulator: SimulatorServer?
    let access: SimulatorAccess?
    let addresses: BoundAddresses
    private let publicHandler = HandlerBox()
    private let privateHandler = HandlerBox()

    init(
        _ configuration: GatewayConfiguration, _ options: RuntimeOptions, group: EventLoopGroup, folder: DataFolder,
        log: Log
    ) throws(CommandFailure) {
        let gateway = configuration.gateway
        let (publicServer, publicURL) = try Self.listen(
            gateway.publicListener, options, group, "public", publicHandler)
        let (privateServer, privateURL) = try Self.listen(
            gateway.privateListener, options, group, "private", privateHandler,
            longBodies: [
                PrivateEndpoint.batchPath: PrivateEndpoint.batchBytes,
                PrivateEndpoint.importPath: PrivateEndpoint.batchBytes,
            ])
        servers = [publicServer, privateServer]
        var addresses = BoundAddresses(publicURL: publicURL, privateURL: privateURL)
        let needsSimulator = configuration.providers.contains { $0.api == .simulator }
        if needsSimulator {
            let settings = gateway.simulatorListener ?? ListenerSettings(host: "127.0.0.1", port: 0)
            let started = try SimulatorStart(configuration, settings, options, group: group, folder: folder)
            simulator = started.server
            access = started.access
            addresses.simulatorURL = started.access.baseURL
        } else {
            simulator = nil
            access = nil
        }
        self.addresses = addresses
    }

    /// From here on requests reach the endpoints.
    func connect(_ publicEndpoint: PublicEndpoint, _ privateEndpoint: PrivateEndpoint) {
        publicHandler.set { publicEndpoint.handle($0, $1) }
        privateHandler.set { privateEndpoint.handle($0, $1) }
    }

    private static func listen(
        _ settings: ListenerSettings, _ options: RuntimeOptions, _ group: EventLoopGroup, _ name: String,
        _ handler: HandlerBox, longBodies: [String: Int] = [:]
    ) throws(CommandFailure) -> (HTTPServer, String) {
        let port = options.usesFreePorts ? 0 : Int(settings.port)
        do {
            var tls: TLSServerContext?
            if let certificate = settings.certificateFile, let key = settings.keyFile {
                tls = try TLSServerContext(certificateFile: certificate, keyFile: key)
            }
            var limits = HTTPServerLimits()
            limits.longBodies = longBodies
            let server = try HTTPServer(group: group, host: settings.host, port: port, limits: limits, tls: tls) {
                handler.handle($0, $1)
            }
            let bound = try server.start()
            let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
            return (server, (tls == nil ? "http://" : "https://") + host + ":" + String(bound))
        } catch {
            throw CommandFailure("cannot_listen", "gateway.listen.\(name) \(settings.text): \(error)")
        }
    }
}

/// A handler that comes later.
final class HandlerBox: Sendable {
    // A closure that stands in a generic value directly is wrapped anew by every access, so that calls grow for ever.
    private struct Held { let body: HTTPHandler }
    private let held = Mutex<Held?>(nil)

    func set(_ body: @escaping HTTPHandler) { held.withLock { $0 = Held(body: body) } }

    func handle(_ request: HTTPRequest, _ respond: HTTPResponder) {
        if let held = held.withLock({ $0 }) {
            held.body(request, respond)
        } else {
            respond(Problem(503, "starting", "The gateway is starting.", retryAfter: 1).response)
        }
    }
}

/// The built-in simulator on its listener.
struct SimulatorStart {
    let server: SimulatorServer
    let access: SimulatorAccess

    init(
        _ configuration: GatewayConfiguration, _ settings: ListenerSettings, _ options: RuntimeOptions,
        group: EventLoopGroup, folder: DataFolder
    ) throws(CommandFailure) {
        let script: SimulatorScript
        do {
            script = try configuration.simulator.map { try SimulatorScript(yaml: $0) } ?? SimulatorScript()
        } catch {
            throw CommandFailure("simulator_script", "simulator: \(error)")
        }
        do {
            let credentials = try SimulatorCredentials.loadOrCreate(folder: folder.path)
            let port = options.usesFreePorts ? 0 : Int(settings.port)
            server = try SimulatorServer(
                group: group, host: settings.host, port: port, script: script, credentials: credentials)
            let bound = try server.start()
            access = SimulatorAccess(
                baseURL: "http://\(settings.host):\(bound)", accountSID: credentials.accountSID,
                authToken: credentials.authToken, keySID: credentials.keySID, keySecret: credentials.keySecret)
        } catch {
            throw CommandFailure("simulator", "the simulator cannot start: \(error)")
        }
    }
}
