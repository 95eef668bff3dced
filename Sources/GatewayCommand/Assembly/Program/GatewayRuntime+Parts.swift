import Crypto
import EventLoop
import Gateway
import HTTP
import Server
import Synchronization
import TLS
import Telemetry

extension GatewayRuntime {
    /// The configuration, or every error of the file.
    static func configuration(
        _ file: ConfigurationFile, log: Log
    ) throws(CommandFailure) -> (value: GatewayConfiguration, fingerprint: [UInt8]) {
        let content = try file.content()
        let reading = file.check(content)
        guard let configuration = reading.configuration else {
            throw CommandFailure(
                "configuration", reading.diagnostics.map(\.text).joined(separator: "\n"))
        }
        for finding in reading.diagnostics {
            log.write(
                .warn, "configuration_finding",
                [.code(LogCode(checking: finding.code)), LogField("line", .int(finding.line))])
        }
        return (configuration, ConfigurationFile.fingerprint(content))
    }

    /// `--data`, else the folder of the SQLite file, else `data`.
    static func folder(_ options: RuntimeOptions, _ configuration: GatewayConfiguration) -> String {
        if let data = options.data { return data }
        guard case .sqlite(let path) = configuration.gateway.store, let cut = path.lastIndex(of: "/") else {
            return "data"
        }
        return String(path[..<cut])
    }

    static func clientTLS(_ configuration: GatewayConfiguration) throws(CommandFailure) -> TLSClientContext? {
        let authority = configuration.providers.compactMap { $0["ca_file"] }.first
        do {
            return try TLSClientContext(caFile: authority)
        } catch {
            throw CommandFailure("tls", "the certificate authorities cannot be read: \(error)")
        }
    }

    /// Providers and directory of a configuration.
    static func directory(
        _ configuration: GatewayConfiguration, _ parts: DirectoryParts
    ) throws(CommandFailure) -> ConfigurationDirectory {
        var providers: [any Provider] = []
        for settings in configuration.providers {
            do throws(ProviderError) {
                providers.append(
                    try ProgramCatalogue.provider(settings, publicURL: parts.publicURL, simulator: parts.access))
            } catch {
                throw CommandFailure(error.code, "providers.\(settings.name): \(error.message)")
            }
        }
        return ConfigurationDirectory(
            configuration: configuration, adapters: ProgramCatalogue.adapters, providers: providers,
            links: AcknowledgementLinks(origin: parts.publicURL, key: parts.tokenKey),
            loadSnapshot: parts.loadSnapshot)
    }

    /// There is always a key: the first start writes one for the command line.
    static func keys(_ records: any RecordStore, _ folder: DataFolder) throws(CommandFailure) -> KeyAuthority {
        do throws(StoreError) {
            let keys = try KeyAuthority(records: records, clock: SystemClock())
            if keys.isEmpty {
                let (_, text) = try keys.create(name: "admin", scopes: ["*"])
                try write(text, folder)
            }
            return keys
        } catch {
            throw CommandFailure("keys", error.message)
        }
    }

    private static func write(_ text: String, _ folder: DataFolder) throws(StoreError) {
        do throws(CommandFailure) {
            try folder.writeAdminKey(text)
        } catch {
            throw StoreError(.failed, error.message)
        }
    }
}

/// The engine with everything that it talks to.
struct Started {
    let engine: EngineThread
    let metrics: ServerMetrics
    let reloader: Reloader
    let work: WorkBox
    let media: MediaBox
    let highest: RecordID?

    init(
        _ directory: ConfigurationDirectory, _ store: ProgramStore, _ parts: GatewayRuntime.DirectoryParts,
        recorder: (any CrashRecorder)?, exchanger: ProviderExchanger, readers: EventReaders, log: Log
    ) throws(CommandFailure) {
        let clock = SystemClock()
        let metrics = ServerMetrics(registry: Metrics())
        let box = EngineBox()
        let work = WorkBox()
        let media = MediaBox()
        let outlets = EngineThread.Outlets(
            exchange: { request in
                exchanger.exchange(request) { box.submit(.exchanged(request.exchange, $0)) }
            },
            notice: { notice in
                metrics.notice(notice)
                ProgramLog.write(notice, to: log)
            },
            fatal: { error in
                log.write(.error, "store_lost", [.code(LogCode(checking: error.kind.rawValue))])
                log.flush()
                ProcessEnd.exit(3)
            }, work: { work.run($0) }, committed: { metrics.committed(within: $0) },
            events: { readers.committed() }, media: { media.committed() })
        do throws(StoreError) {
            highest = try store.deliveries.highest().id
            let seed = (SecureRandom.bytes(8) ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let core = try EngineCore(
                store: store.deliveries, directory: directory, tokenKey: parts.tokenKey, seed: seed, now: clock.now,
                recorder: recorder)
            engine = EngineThread(core: core, store: store.deliveries, clock: clock, outlets: outlets)
        } catch {
            throw CommandFailure("store_" + error.kind.rawValue, "the store cannot be read: " + error.message)
        }
        box.set(engine)
        metrics.watch(engine)
        self.metrics = metrics
        reloader = Reloader()
        self.work = work
        self.media = media
    }
}

extension MediaThread {
    /// Of a running program: the engine keeps what becomes of files.
    convenience init(
        engine: EngineThread, records: any RecordStore, running: RunningDirectory, folder: MediaFolder,
        client: MediaClient, pressure: Pressure
    ) {
        self.init(
            Parts(
                records: records, clock: SystemClock(), settings: { running.value.runningConfiguration.media },
                provider: { running.value.provider(named: $0) as? any MediaProvider }, folder: folder, client: client,
                hasRoom: { pressure.level(of: .disk) == 0 },
                commit: { change, done in
                    engine.ask({ .media(change, ticket: $0) }) { answer in
                        if case .unavailable = answer { done(false) } else { done(true) }
                    }
                }))
    }
}

/// What finds documents, with the thread that feeds an index outside where there is one.
struct DocumentIndex: Sendable {
    let finder: DocumentFinder
    let thread: DocumentIndexThread?

    /// - Parameter settings: `nil` for the store's own index: what an earlier one was to be told is forgotten.
    init(
        _ settings: MeilisearchSettings?, _ records: any RecordStore, exchanger: ProviderExchanger,
        engine: EngineThread
    ) throws(CommandFailure) {
        do throws(StoreError) {
            try records.aimIndex(at: settings?.target, again: false)
        } catch {
            throw CommandFailure(
                "store_" + error.kind.rawValue, "the index of documents cannot be prepared: " + error.message)
        }
        guard let settings else {
            thread = nil
            finder = DocumentFinder(records: records, outside: nil)
            return
        }
        let exchange = { @Sendable (request: ProviderRequest, done: @escaping @Sendable (ProviderAnswer) -> Void) in
            exchanger.exchange(request, done)
        }
        let seed = (SecureRandom.bytes(8) ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let thread = DocumentIndexThread(
            DocumentIndexThread.Parts(
                records: records, clock: SystemClock(), settings: settings, exchange: exchange,
                note: { engine.note($0) }), seed: seed)
        self.thread = thread
        finder = DocumentFinder(
            records: records,
            outside: DocumentFinder.Outside(server: Meilisearch(settings), thread: thread, exchange: exchange))
    }
}

/// Breaks the circle between the engine and its outlets.
final class EngineBox: Sendable {
    private let engine = Mutex<EngineThread?>(nil)
    func set(_ thread: EngineThread) { engine.withLock { $0 = thread } }
    func submit(_ input: EngineInput) { engine.withLock { $0 }?.submit(input) }
}

/// Who is told that there are events: those who ask for them, and those who are told by themselves.
struct EventReaders: Sendable {
    let events: EventThread
    let subscriptions: SubscriptionThread
    let stream: StreamThread

    /// - Parameters:
    ///   - exchanger: reaches every address.
    ///   - publicExchanger: reaches public addresses alone.
    ///   - report: told when events cannot be added to the stream.
    init(
        _ records: any RecordStore, _ running: RunningDirectory, exchanger: ProviderExchanger,
        publicExchanger: ProviderExchanger, report: @escaping @Sendable (ErrorCode) -> Void
    ) throws(CommandFailure) {
        let clock = SystemClock()
        events = EventThread(records: records, clock: clock) { running.value }
        let parts = SubscriptionThread.Parts(
            records: records, clock: clock, directory: { running.value },
            exchange: { request, allowsPrivate, completion in
                (allowsPrivate ? exchanger : publicExchanger).exchange(request, completion)
            })
        let streamParts = StreamThread.Parts(
            records: records, clock: clock, directory: { running.value },
            report: { isRefused in report(isRefused ? .streamRefused : .streamAway) })
        let seed = (SecureRandom.bytes(8) ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        stream = StreamThread(streamParts, seed: seed)
        do throws(StoreError) {
            subscriptions = try SubscriptionThread(parts, seed: seed)
        } catch {
            throw CommandFailure(
                "store_" + error.kind.rawValue, "the subscriptions cannot be read: " + error.message)
        }
    }

    func start() {
        events.start()
        subscriptions.start()
        stream.start()
    }

    func committed() {
        events.committed()
        subscriptions.committed()
        stream.committed()
    }
}

/// The directory that runs, for those who are made before the endpoint.
final class RunningDirectory: Sendable {
    private let directory: Mutex<ConfigurationDirectory>
    init(_ directory: ConfigurationDirectory) { self.directory = Mutex(directory) }
    func set(_ new: ConfigurationDirectory) { directory.withLock { $0 = new } }
    var value: ConfigurationDirectory { directory.withLock { $0 } }
}

/// Breaks the circle between the engine and the endpoint.
final class WorkBox: Sendable {
    private struct Held { let body: @Sendable (MailingWork) -> Void }
    private let held = Mutex<Held?>(nil)
    func set(_ work: @escaping @Sendable (MailingWork) -> Void) { held.withLock { $0 = Held(body: work) } }
    func run(_ work: MailingWork) { held.withLock { $0 }?.body(work) }
}

/// Breaks the circle between the engine and the thread of downloads.
final class MediaBox: Sendable {
    private let thread = Mutex<MediaThread?>(nil)
    func set(_ thread: MediaThread) { self.thread.withLock { $0 = thread } }
    func committed() { thread.withLock { $0 }?.committed() }
}

/// Breaks the circle between the endpoint and the runtime.
final class Reloader: Sendable {
    private struct Held { let body: @Sendable () -> ReloadResult }
    private let held = Mutex<Held?>(nil)
    func set(_ reload: @escaping @Sendable () -> ReloadResult) { held.withLock { $0 = Held(body: reload) } }
    func run() -> ReloadResult {
        held.withLock { $0 }?.body() ?? ReloadResult(isAccepted: false, hash: "", diagnostics: [])
    }
}
