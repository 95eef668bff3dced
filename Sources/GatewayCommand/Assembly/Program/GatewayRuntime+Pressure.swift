import Gateway
import Server
import Telemetry

extension GatewayRuntime {
    /// Measures what could run out, and tells the engine and people of what changes.
    static func watch(
        _ pressure: Pressure, over engine: EngineThread, _ records: BlockingThread, store path: String?, log: Log
    ) -> PressureWatch {
        PressureWatch(pressure, clock: SystemClock(), measure: { measure(engine, records, store: path) }) {
            change, reading in
            engine.set(underPressure: pressure.level > 0)
            tell(change, reading, to: log)
        }
    }

    private static func measure(
        _ engine: EngineThread, _ records: BlockingThread, store path: String?
    ) -> PressureReading {
        var reading = PressureReading()
        if let path {
            reading.freeDisk = SystemReadings.freeDisk(at: path)
            reading.log = SystemReadings.size(of: path + "-wal")
        }
        reading.memory = SystemReadings.memory
        let load = engine.load
        reading.waiting = load.waiting + records.backlog
        reading.delay = load.delay
        reading.taken = load.taken
        return reading
    }

    /// One line for each change, with the figure that it follows from.
    private static func tell(_ change: PressureChange, _ reading: PressureReading, to log: Log) {
        let figure: Int64 =
            switch change.resource {
            case .disk: reading.freeDisk ?? 0
            case .memory: reading.memory ?? 0
            case .log: reading.log ?? 0
            case .waiting: Int64(reading.waiting)
            case .delay: reading.delay.milliseconds
            }
        log.write(
            change.level >= 3 ? .error : .warn, "pressure",
            [
                LogField("resource", .code(LogCode(checking: change.resource.rawValue))),
                LogField("refused_priorities", .int(change.level)), LogField("value", .int(Int(clamping: figure))),
            ])
    }
}
