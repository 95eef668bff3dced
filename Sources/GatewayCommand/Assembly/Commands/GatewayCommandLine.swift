/// The program behind the executable.
public enum GatewayCommandLine {
    /// Runs the command of the process's arguments.
    /// - Returns: the exit status: 0 for done, 1 for a failure or findings, 2 for a call that cannot be understood.
    public static func run() -> Int32 {
        CommandRunner.run(Array(CommandLine.arguments.dropFirst()), .process())
    }
}
