import Gateway
import RESP
import Redis
import TLS

/// A stream of Redis (https://redis.io/docs/latest/develop/data-types/streams/). It blocks whoever uses it, for 10 s at
/// most for each step.
struct RedisStream: StreamSink {
    private let settings: RedisSettings
    private let isCancelled: @Sendable () -> Bool
    private var connection: RedisConnection?

    private static let timeout = Duration.seconds(10)

    init(_ settings: RedisSettings, isCancelled: @escaping @Sendable () -> Bool) {
        self.settings = settings
        self.isCancelled = isCancelled
    }

    mutating func lastID() throws(StreamFault) -> StreamID? {
        // Whatever went wrong, the old connection may have answers under way.
        connection = nil
        connection = try connect()
        switch try ask([RESPCommand("XINFO", "STREAM", settings.stream)]).first {
        case .array(let members):
            guard let last = Self.member("last-generated-id", of: members)?.text, let id = StreamID(last) else {
                throw .refused("the server says nothing about the stream's last entry; Redis 5 or later is needed")
            }
            // As a consumer's XGROUP CREATE … MKSTREAM leaves it.
            return id == StreamID(high: 0, low: 0) ? nil : id
        case .error(let words) where words == "ERR no such key": return nil
        case .error(let words): throw Self.fault(words)
        default: throw .refused("the server does not answer XINFO as Redis does")
        }
    }

    mutating func append(_ events: [GatewayEvent]) throws(StreamFault) {
        let commands = [RESPCommand("MULTI")] + events.map(entry) + [RESPCommand("EXEC")]
        let answers = try ask(commands)
        guard let last = answers.last else { throw .away("no answer") }
        // Why one of them was not queued says more than that the whole was not carried out.
        for case .error(let words) in answers { throw Self.fault(words) }
        guard case .array(let results) = last, results.count == events.count else {
            throw .refused("the server does not carry out MULTI as Redis does")
        }
        for case .error(let words) in results { throw Self.fault(words) }
    }

    private func entry(_ event: GatewayEvent) -> RESPCommand {
        var arguments = ["XADD", settings.stream]
        if let length = settings.maxLength { arguments += ["MAXLEN", "~", String(length)] }
        arguments.append(StreamID(event.position).text)
        arguments += ["type", event.fullType, "subject", event.subject]
        if let tenant = event.tenant { arguments += ["tenant", tenant] }
        var command = RESPCommand(arguments: arguments + ["event"])
        command.arguments.append(event.cloudEvent.bytes())
        return command
    }

    private static func member(_ name: String, of members: [RESPValue]) -> RESPValue? {
        members.indices.dropLast().first { $0.isMultiple(of: 2) && members[$0].text == name }.map { members[$0 + 1] }
    }

    // MARK: the server

    private func connect() throws(StreamFault) -> RedisConnection {
        guard let url = RedisURL(settings.url) else { throw .refused("the URL is none") }
        do {
            let tls = url.isTLS ? try TLSClientContext(caFile: settings.caFile) : nil
            return try RedisConnection(url, tls: tls, timeout: Self.timeout, isCancelled: isCancelled)
        } catch let fault as RedisFault {
            throw Self.fault(fault)
        } catch let error as TLSError {
            throw .refused(error.description)
        } catch {
            throw .away("\(error)")
        }
    }

    private func ask(_ commands: [RESPCommand]) throws(StreamFault) -> [RESPValue] {
        guard let connection else { throw .away("there is no connection") }
        do throws(RedisFault) {
            return try connection.ask(commands, timeout: Self.timeout)
        } catch {
            throw Self.fault(error)
        }
    }

    private static func fault(_ fault: RedisFault) -> StreamFault {
        switch fault {
        case .unreachable(let words): .away(words)
        case .timeout: .away("the server does not answer in time")
        case .cancelled: .away("the gateway ends")
        case .protocolFault: .refused("the server does not speak the protocol of Redis")
        case .refused(let words): Self.fault(words)
        }
    }

    /// Errors of a server that is there and will be able to again without anybody changing its configuration or ours.
    private static let passing: Set<Substring> = [
        "LOADING", "READONLY", "OOM", "MASTERDOWN", "BUSY", "CLUSTERDOWN", "TRYAGAIN", "MISCONF", "NOREPLICAS",
        "UNBLOCKED",
    ]

    static func fault(_ words: String) -> StreamFault {
        let kind = words.prefix { $0 != " " }
        if passing.contains(kind) { return .away(words) }
        if words.contains("equal or smaller than the target stream top item") { return .isAhead }
        // How many clients it takes is no matter of ours.
        if words.hasPrefix("ERR max number of clients") { return .away(words) }
        return .refused(words)
    }
}
