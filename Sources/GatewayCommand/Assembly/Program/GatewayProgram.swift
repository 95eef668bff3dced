import Gateway
import Glibc
import JSON
import Server
import Simulator
import Telemetry

/// The long-running commands.
struct GatewayProgram {
    /// Serves until SIGTERM or SIGINT; SIGHUP and a changed file read the configuration again.
    static func serve(_ options: ServeOptions) -> Int32 {
        ThreadCaches.enlarge()
        ProcessEnd.blockSignals()
        var file = ConfigurationFile(path: options.config, environment: ConfigurationFile.processEnvironment)
        file.allowsIdleSimulator = options.allowsIdleSimulator
        do throws(CommandFailure) {
            let runtime = try GatewayRuntime(
                RuntimeOptions(file: file, data: options.data), log: ProgramLog.make(.info))
            runtime.begin()
            announce(runtime)
            wait(runtime)
            return 0
        } catch {
            return fail(error)
        }
    }

    /// The scripted alert; exit status 0 when it is acknowledged.
    static func demo(_ options: DemoOptions) -> Int32 {
        ProcessEnd.blockSignals()
        do throws(CommandFailure) {
            let run = try DemoRun(options)
            let isAcknowledged = try run.alert()
            if options.keepsServing {
                announce(run.runtime)
                wait(run.runtime)
                return 0
            }
            run.runtime.stop()
            run.removeData()
            return isAcknowledged ? 0 : 1
        } catch {
            return fail(error)
        }
    }

    /// The Twilio look-alike alone.
    static func simulator(_ options: ServeOptions) -> Int32 {
        ProcessEnd.blockSignals()
        var file = ConfigurationFile(path: options.config, environment: ConfigurationFile.processEnvironment)
        file.allowsIdleSimulator = true
        do throws(CommandFailure) {
            let alone = try SimulatorAlone(file, data: options.data)
            while ProcessEnd.wait() == .reload {}
            alone.stop()
            return 0
        } catch {
            return fail(error)
        }
    }

    private static func wait(_ runtime: GatewayRuntime) {
        var watch = ConfigurationWatch(path: runtime.file.path)
        while true {
            switch ProcessEnd.wait(upTo: ConfigurationWatch.pause) {
            case .reload: _ = runtime.reload()
            case nil: if watch.sawChange() { runtime.reloadIfChanged() }
            case .stop:
                runtime.stop()
                return
            }
        }
    }

    private static func announce(_ runtime: GatewayRuntime) {
        var lines = [
            "private listener (API, metrics): " + runtime.addresses.privateURL,
            "public listener (webhooks):      " + runtime.addresses.publicURL,
        ]
        if let simulator = runtime.addresses.simulatorURL {
            lines.append("simulator:                       " + simulator)
        }
        lines.append("key and addresses are in " + runtime.folder.path)
        for line in lines { print(line) }
        fflush(nil)
    }

    private static func fail(_ failure: CommandFailure) -> Int32 {
        let text = Array(("gateway: " + failure.message + "\n").utf8)
        _ = text.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        return failure.exit
    }
}
