import CLinux
import EventLoop
import Gateway
import Glibc
import HTTP
import JSON
import Server
import Simulator
import Synchronization
import TLS
import Telemetry

/// A running gateway: listeners, engine, store and, where a provider asks for it, the simulator.
final class GatewayRuntime: Sendable {
    let file: ConfigurationFile
    let folder: DataFolder
    let log: Log
    let group: EventLoopGroup
    let client: HTTPClient
    let engine: EngineThread
    let publicEndpoint: PublicEndpoint
    let privateEndpoint: PrivateEndpoint
    let recordsThread = BlockingThread()
    let mailingThread = BlockingThread()
    let readers: EventReaders
    let media: MediaThread
    private let documents: DocumentIndex
    private let mediaFileThread = BlockingThread()
    /// For subscribers, who may be anybody's choice.
    private let publicClient: HTTPClient
    let readiness: Readiness
    let simulator: SimulatorServer?
    let addresses: BoundAddresses
    private let reminders: ReminderClock
    private let pressure: Pressure
    private let watch: PressureWatch
    private let metrics: ServerMetrics
    private let running: RunningDirectory
    private let servers: [HTTPServer]
    private let parts: DirectoryParts
    /// The fingerprint of the content that was read last, whether or not it runs.
    private let reloading: Mutex<[UInt8]>
    /// Listeners and store stay what they were at the start.
    private let fixed: GatewaySettings

    /// What every configuration of this process shares.
    struct DirectoryParts: Sendable {
        var publicURL: String
        var access: SimulatorAccess?
        var tokenKey: [UInt8]
        var loadSnapshot: @Sendable (String) -> [UInt8]?
    }

    /// A core is the engine's (docs/decisions/0064-a-core-is-the-engines.md).
    static func loops(cores: Int) -> Int { max(1, min(2, cores - 1)) }

    /// Reads the configuration, opens the store, recovers, listens.
    init(_ options: RuntimeOptions, log: Log) throws(CommandFailure) {
        file = options.file
        self.log = log
        let (configuration, fingerprint) = try Self.configuration(options.file, log: log)
        let place = Self.folder(options, configuration)
        folder = try DataFolder(place)
        let opened = try ProgramStore(configuration.gateway.store, folder: options.data)
        do {
            group = try EventLoopGroup(count: Self.loops(cores: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
            try group.start()
        } catch {
            throw CommandFailure("event_loop", "the event loops cannot start")
        }
        // As many as a lane may have in flight, over all loops.
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 512
        client = HTTPClient(group: group, limits: limits, tls: try Self.clientTLS(configuration))
        pressure = Pressure(limits: configuration.gateway.limits, machine: SystemReadings.machineMemory)
        readiness = Readiness(pressure: pressure)
        reloading = Mutex(fingerprint)
        fixed = configuration.gateway
        let bound = try Listeners(configuration, options, group: group, folder: folder, log: log)
        simulator = bound.simulator
        servers = bound.servers
        addresses = bound.addresses
        let records = opened.records
        parts = DirectoryParts(
            publicURL: configuration.gateway.publicURL ?? bound.addresses.publicURL, access: bound.access,
            tokenKey: try folder.tokenKey(), loadSnapshot: { (try? records.snapshot($0))??.body })
        let directory = try Self.directory(configuration, parts)
        let running = RunningDirectory(directory)
        self.running = running
        let exchanger = ProviderExchanger(client: client, group: group)
        limits.publicAddressesOnly = true
        publicClient = HTTPClient(group: group, limits: limits, tls: try Self.clientTLS(configuration))
        let reports = EngineBox()
        readers = try EventReaders(
            opened.records, running, exchanger: exchanger,
            publicExchanger: ProviderExchanger(client: publicClient, group: group),
            report: { reports.submit(.errors([ErrorOccurrence($0)])) })
        let started = try Started(
            directory, opened, parts, recorder: try folder.recorder(configuration.gateway.store),
            exchanger: exchanger, readers: readers, log: log)
        engine = started.engine
        reports.set(started.engine)
        let files = try folder.media()
        media = MediaThread(
            engine: started.engine, records: opened.records, running: running, folder: files,
            client: MediaClient(client: client, publicClient: publicClient), pressure: pressure)
        started.media.set(media)
        documents = try DocumentIndex(
            configuration.gateway.documents, opened.records, exchanger: exchanger, engine: started.engine)
        let mediaFiles = MediaFiles(folder: files, thread: mediaFileThread)
        metrics = started.metrics
        metrics.configured(hash: configuration.hash)
        metrics.watch(pressure)
        metrics.watch(readers.events, readers.subscriptions, clock: SystemClock())
        metrics.watch(readers.stream, clock: SystemClock())
        metrics.watch(media)
        metrics.watch(documents.finder, clock: SystemClock())
        watch = Self.watch(pressure, over: engine, recordsThread, store: opened.path, log: log)
        let keys = try Self.keys(opened.records, folder)
        let acceptance = Acceptance(records: opened.records, clock: SystemClock(), highest: started.highest)
        publicEndpoint = PublicEndpoint(
            engine: engine, records: opened.records, recordsThread: recordsThread,
            contactNumbers: acceptance.contactNumbers, metrics: started.metrics, readiness: readiness,
            clock: SystemClock(), finder: documents.finder, media: mediaFiles)
        recordsThread.run { try? acceptance.contactNumbers.load(records) }
        let box = started.reloader
        privateEndpoint = PrivateEndpoint(
            PrivateEndpoint.Parts(
                engine: engine, records: opened.records, recordsThread: recordsThread, keys: keys,
                acceptance: acceptance, metrics: started.metrics, clock: SystemClock(), readiness: readiness,
                rooms: RoomService(exchanger: exchanger),
                mailings: MailingWorker(
                    records: opened.records, acceptance: acceptance, keys: keys, clock: SystemClock()),
                mailingThread: mailingThread, pressure: pressure, events: readers.events,
                subscriptions: readers.subscriptions, stream: readers.stream, media: mediaFiles,
                finder: documents.finder),
            directory: directory, reload: { box.run() }, validate: { [file] in file.check($0).diagnostics })
        reminders = ReminderClock(
            ReminderScan(records: opened.records, acceptance: acceptance), engine: engine, clock: SystemClock(),
            directory: { [privateEndpoint] in privateEndpoint.runningDirectory })
        publicEndpoint.configure(directory, links: directory.acknowledgementLinks)
        bound.connect(publicEndpoint, privateEndpoint)
        let endpoint = privateEndpoint
        endpoint.cleanBatches()
        started.work.set { endpoint.carryOut($0) }
        readers.start()
        engine.start()
        media.start()
        documents.thread?.start()
        box.set { [weak self] in self?.reload() ?? ReloadResult(isAccepted: false, hash: "", diagnostics: []) }
        try folder.writeAddresses(addresses)
    }

    /// Sets the simulated numbers' webhooks as at Twilio, then takes work.
    func begin() {
        registerNumbers()
        readiness.set(true)
        log.write(.info, "started", [])
        remind()
        // Half of what the start touched is of no use any more (docs/decisions/0061-what-only-the-start-needed.md). Behind
        // what the start still reads on that thread.
        recordsThread.run {
            gw_release_memory()
            gw_release_code(Int(sysconf(Int32(_SC_PAGESIZE))))
        }
    }

    /// Looks for warranties that are due, again and again; the loops' end is its end.
    private func remind() {
        reminders.tick(on: recordsThread)
        group.next().schedule(after: ReminderClock.pause) { [weak self] in self?.remind() }
    }

    private func registerNumbers() {
        guard let access = parts.access else { return }
        SimulatedNumbers(client: client, access: access, publicURL: parts.publicURL).register(directoryLanes)
    }

    private var directoryLanes: [LaneSettings] { privateEndpoint.runningDirectory.lanes }

    // MARK: reload

    /// Reads the file again: all of it takes effect, or none.
    func reload() -> ReloadResult {
        reloading.withLock { last in reloadAlone(&last) }
    }

    /// As `reload`, when the content is another than what was read last.
    func reloadIfChanged() {
        reloading.withLock { last in
            guard let content = try? file.content(), ConfigurationFile.fingerprint(content) == last else {
                _ = reloadAlone(&last)
                return
            }
        }
    }

    private func reloadAlone(_ last: inout [UInt8]) -> ReloadResult {
        let hash = privateEndpoint.runningDirectory.runningConfiguration.hash
        do throws(CommandFailure) {
            let content = try file.content()
            last = ConfigurationFile.fingerprint(content)
            return try run(file.check(content), instead: hash)
        } catch {
            return refused(hash, [Diagnostic(error.code, error.message, file: file.path)])
        }
    }

    private func run(_ reading: ConfigurationReading, instead hash: String) throws(CommandFailure) -> ReloadResult {
        guard let configuration = reading.configuration else { return refused(hash, reading.diagnostics) }
        let directory = try Self.directory(configuration, parts)
        // The engine first: a message that is routed by the new rules finds them there.
        engine.submit(.reload(directory))
        publicEndpoint.configure(directory, links: directory.acknowledgementLinks)
        pressure.replace(configuration.gateway.limits)
        metrics.reload(isAccepted: true)
        metrics.configured(hash: configuration.hash)
        privateEndpoint.replace(directory)
        running.set(directory)
        readers.stream.reloaded()
        registerNumbers()
        let shown = LogCode(checking: String(configuration.hash.prefix(12)))
        log.write(.info, "reloaded", [LogField("hash", .code(shown))])
        let kept = configuration.gateway.changesThatNeedRestart(since: fixed).map { key in
            Diagnostic(
                severity: .warning, code: "needs_restart", file: file.path, line: 1, column: 1,
                message: "'\(key)' has changed; the change takes effect at the next start")
        }
        return ReloadResult(
            isAccepted: true, hash: configuration.hash, diagnostics: reading.diagnostics + kept)
    }

    private func refused(_ hash: String, _ diagnostics: [Diagnostic]) -> ReloadResult {
        metrics.reload(isAccepted: false)
        log.write(.error, "reload_refused", [])
        return ReloadResult(isAccepted: false, hash: hash, diagnostics: diagnostics)
    }

    // MARK: the end

    /// Stops accepting, finishes what runs, commits, ends. Blocks.
    func stop() {
        readiness.set(false)
        log.write(.info, "stopping", [])
        // Those who wait for events are answered, so that their connections end.
        readers.events.stop()
        let wait = Waiter(count: servers.count)
        for server in servers { server.drain(within: .seconds(5)) { wait.signal() } }
        wait.wait(upTo: .seconds(6))
        // Requests that are under way come back before the engine ends, as far as they do in time.
        let patience = Waiter(count: 1)
        for _ in 0..<100 where engine.gauges.exchanges > 0 { patience.wait(upTo: .milliseconds(100)) }
        watch.stop()
        media.stop()
        documents.thread?.stop()
        engine.stop()
        recordsThread.stop()
        mediaFileThread.stop()
        mailingThread.stop()
        readers.subscriptions.stop()
        readers.stream.stop()
        client.shutdown()
        publicClient.shutdown()
        for server in servers { server.stop() }
        simulator?.stop()
        group.stop()
        log.write(.info, "stopped", [])
        log.flush()
    }
}

/// What a runtime starts from.
struct RuntimeOptions: Sendable {
    var file: ConfigurationFile
    /// Replaces the folder of the store.
    var data: String?
    /// All listeners take free ports: demo and tests.
    var usesFreePorts = false
}
