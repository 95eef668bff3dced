import EventLoop
import Gateway
import Glibc
import JSON
import Simulator

/// `gateway simulator`: the listener of the built-in simulator without a gateway.
struct SimulatorAlone {
    private let group: EventLoopGroup
    private let server: SimulatorServer

    init(_ file: ConfigurationFile, data: String?) throws(CommandFailure) {
        let reading = try file.read()
        guard let configuration = reading.configuration else {
            throw CommandFailure("configuration", reading.diagnostics.map(\.text).joined(separator: "\n"))
        }
        let folder = try DataFolder(data ?? "data")
        do {
            group = try EventLoopGroup(count: 1)
            try group.start()
        } catch {
            throw CommandFailure("event_loop", "the event loop cannot start")
        }
        let settings =
            configuration.gateway.simulatorListener ?? ListenerSettings(host: "127.0.0.1", port: 8082)
        let options = RuntimeOptions(file: file, data: data)
        let started = try SimulatorStart(configuration, settings, options, group: group, folder: folder)
        server = started.server
        print("simulator: \(started.access.baseURL), account \(started.access.accountSID)")
        print("credentials are in \(folder.file("simulator.json"))")
        fflush(nil)
    }

    func stop() {
        server.stop()
        group.stop()
    }
}
