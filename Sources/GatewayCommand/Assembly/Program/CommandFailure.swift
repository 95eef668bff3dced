/// Why a command cannot go on.
struct CommandFailure: Error, Sendable, Hashable {
    /// Stable, snake_case.
    var code: String
    /// For a person: what is wrong and what to do. Never a secret.
    var message: String
    /// 1 for a failure, 2 for wrong usage.
    var exit: Int32

    /// A failure; exit status 1 unless said otherwise.
    init(_ code: String, _ message: String, exit: Int32 = 1) {
        self.code = code
        self.message = message
        self.exit = exit
    }
}
