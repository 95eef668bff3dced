import Gateway
import Server
import Telemetry

extension RecordID {
    /// The identifier as a log shows it.
    func logged(_ kind: Kind) -> LoggedID { LoggedID(logIdentifier: text(kind)) }
}

/// An identifier in a log line.
struct LoggedID: LogIdentifiable {
    let logIdentifier: String
}

/// The log of the program.
enum ProgramLog {
    /// To stderr: logfmt on a terminal, JSON otherwise.
    static func make(_ level: LogLevel) -> Log {
        let sink = StandardErrorSink()
        let clock = SystemClock()
        return Log(
            minimumLevel: level, format: sink.isTerminal ? .logfmt : .json, clock: { clock.now.milliseconds },
            sink: sink)
    }

    /// What the engine tells people.
    static func write(_ notice: EngineNotice, to log: Log) {
        switch notice {
        case .closed(let delivery, let phase, let policy):
            log.write(
                .info, "delivery_closed",
                [
                    .delivery(delivery.logged(.delivery)), LogField("state", .code(LogCode(checking: phase.word))),
                    LogField("policy", .code(LogCode(checking: policy))),
                ])
        case .senderStopped(let channel):
            log.write(.error, "sender_stopped", [.channel(LogCode(checking: channel))])
        case .requestFault(let channel, let code):
            log.write(
                .error, "request_fault", [.channel(LogCode(checking: channel)), LogField("code", .int(Int(code)))])
        case .circuit(let channel, let isOpen):
            log.write(
                .warn, isOpen ? "circuit_opened" : "circuit_closed", [.channel(LogCode(checking: channel))])
        case .providerCircuit(let provider, let isOpen):
            log.write(
                .warn, isOpen ? "provider_circuit_opened" : "provider_circuit_closed",
                [LogField("provider", .code(LogCode(checking: provider)))])
        case .receiptCircuit(let route, let isOpen):
            log.write(
                .warn, isOpen ? "receipts_fell" : "receipts_recovered",
                [
                    LogField("provider", .code(LogCode(checking: route.provider))),
                    LogField("kind", .code(LogCode(checking: route.kind.rawValue))),
                    LogField("country", .code(LogCode(checking: route.country))),
                ])
        case .receipts(let channel, let country, let quality):
            log.write(
                .warn, "receipts_learned",
                [
                    .channel(LogCode(checking: channel)), LogField("country", .code(LogCode(checking: country))),
                    LogField("quality", .code(LogCode(checking: quality.rawValue))),
                ])
        case .outgoing(let event, let subject, let isInbound, let outcome):
            let about =
                isInbound ? LogField.message(subject.logged(.inbound)) : .delivery(subject.logged(.delivery))
            write(outcome, event, about, to: log)
        case .emitted(let inbound, let event):
            log.write(
                .info, "inbound_event",
                [.message(inbound.logged(.inbound)), LogField("type", .code(LogCode(checking: event)))])
        case .auditViolation(let delivery):
            log.write(.error, "audit_violation", [.delivery(delivery.logged(.delivery))])
        case .crashedTwice(let delivery):
            log.write(.error, "crashed_twice", [.delivery(delivery.logged(.delivery))])
        case .budget(let name, let subject, let period, let percent):
            write(budget: name, of: subject, period, percent: percent, to: log)
        }
    }

    private static func write(
        budget name: String, of subject: String, _ period: BudgetPeriod, percent: Int, to log: Log
    ) {
        var fields = [LogField("budget", .code(LogCode(checking: name)))]
        if !subject.isEmpty { fields.append(LogField("of", .code(LogCode(checking: subject)))) }
        fields.append(LogField("period", .code(LogCode(checking: period.rawValue))))
        fields.append(LogField("percent", .int(percent)))
        log.write(percent < 100 ? .warn : .error, "budget_alert", fields)
    }

    private static func write(_ outcome: OutgoingOutcome, _ event: RecordID, _ about: LogField, to log: Log) {
        let fields = [about, LogField("outgoing", .id(event.logged(.event)))]
        switch outcome {
        case .told: log.write(.debug, "outgoing_told", fields)
        case .gone: log.write(.warn, "outgoing_gone", fields)
        case .failed(let status, let tries):
            log.write(
                .warn, "outgoing_failed",
                fields + [LogField("status", .int(status)), LogField("tries", .int(tries))])
        case .givenUp: log.write(.error, "outgoing_given_up", fields)
        }
    }
}
