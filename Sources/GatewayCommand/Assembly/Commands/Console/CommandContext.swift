import Dispatch
import Gateway
import JSON
import Server

/// What a command may touch of the world; tests bring their own.
struct CommandContext: Sendable {
    /// The variables of the process.
    var environment: [String: String]
    /// Data.
    var output: any TextSink
    /// Messages to the person.
    var errors: any TextSink
    /// Colours of what goes to the output.
    var paint: Paint
    /// The output is a terminal on which a line can be written over.
    var redrawsLines = false
    /// The time.
    var clock: any GatewayClock
    /// Reads a whole file; `-` is standard input.
    var readFile: @Sendable (String) throws(CommandFailure) -> [UInt8]
    /// Reads a line of standard input, without its end; `nil` at the end.
    var readLine: @Sendable () -> String? = { Swift.readLine() }
    /// Blocks for a time.
    var pause: @Sendable (Duration) -> Void
    /// Reaches a running gateway.
    var connect: @Sendable (APIAccess) throws(CommandFailure) -> any GatewayAPI

    /// The real world.
    static func process() -> CommandContext {
        let environment = ConfigurationFile.processEnvironment
        return CommandContext(
            environment: environment, output: DescriptorSink.output, errors: DescriptorSink.errors,
            paint: Paint(isTerminal: DescriptorSink.output.isTerminal, environment: environment),
            redrawsLines: DescriptorSink.output.isTerminal && environment["TERM"] != "dumb", clock: SystemClock(),
            readFile: { path throws(CommandFailure) in try Files.read(path == "-" ? "/dev/stdin" : path) },
            pause: { span in
                // Nobody signals it: the wait ends with its time.
                let never = DispatchSemaphore(value: 0)
                _ = never.wait(timeout: .now() + .milliseconds(Int(clamping: span.milliseconds)))
            },
            connect: { access throws(CommandFailure) in try HTTPGatewayAPI(access) })
    }

    /// Writes a line of data.
    func print(_ line: String) { output.write(line + "\n") }

    /// Writes a value as indented JSON.
    func print(_ value: JSONValue) { print(String(decoding: value.bytes(pretty: true), as: UTF8.self)) }

    /// Writes a line to the person.
    func complain(_ line: String) { errors.write("gateway: " + line + "\n") }
}
