import Foundation
import Glibc
import Testing

/// A started program. It is killed, by its id, when the value goes away; what a sanitizer reported of it until then fails
/// the test.
final class Program: @unchecked Sendable {
    let pid: pid_t
    /// Stays as long as the program.
    private let folder: Folder
    private let out: String
    private let errors: String
    private var ending: Int32?
    private static let starting = NSLock()

    /// Starts an executable with exactly the environment `environment`, besides PATH, HOME and the sanitizer's options.
    init(_ executable: String, _ arguments: [String], environment: [String: String] = [:], in folder: Folder) throws {
        self.folder = folder
        let name = UUID().uuidString.prefix(8)
        out = folder.path + "/out-\(name)"
        errors = folder.path + "/err-\(name)"
        var values = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path]
        for name in ["LD_LIBRARY_PATH"] + Sanitizer.variables {
            if let value = ProcessInfo.processInfo.environment[name] { values[name] = value }
        }
        values.merge(environment) { $1 }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // As a service manager starts it: the threads of the runner block signals, and a child would go on blocking them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        let pairs = values.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + pairs { free(text) } }
        var child: pid_t = 0
        let status = Self.starting.withLock { posix_spawn(&child, executable, &actions, &attributes, words, pairs) }
        guard status == 0 else { throw Failure("\(executable) does not start: \(String(cString: strerror(status)))") }
        pid = child
    }

    deinit {
        if ending == nil {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        let errors = errorOutput
        if let report = Sanitizer.report(in: errors) { Issue.record("\(report)\n\(errors.prefix(20_000))") }
    }

    var output: String { Self.read(out) }
    var errorOutput: String { Self.read(errors) }

    private static func read(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func send(_ signal: Int32) { if ending == nil { kill(pid, signal) } }

    /// Waits for the end: the exit status, or minus the signal that ended it.
    @discardableResult
    func wait(upTo seconds: Double = 30) throws -> Int32 {
        try eventually("the end of the program\n" + errorOutput.suffix(2_000), within: seconds) {
            if let ending = self.ending { return ending }
            var status: Int32 = 0
            guard waitpid(self.pid, &status, WNOHANG) == self.pid else { return nil }
            let signal = status & 0x7f
            self.ending = signal == 0 ? (status >> 8) & 0xff : -signal
            return self.ending
        }
    }

    /// The first line of the output.
    func firstLine() throws -> String {
        try eventually("a line of output\n" + errorOutput, within: 20) {
            let text = self.output
            guard let end = text.firstIndex(of: "\n") else { return nil }
            return String(text[..<end])
        }
    }
}

/// What a test could not do.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Asks until there is an answer.
/// - Parameter seconds: how long; longer under a sanitizer (`Sanitizer.patience`).
/// - Throws: when there is none in time.
@discardableResult
func eventually<Value>(
    _ what: @autoclosure () -> String, within seconds: Double = 20, every milliseconds: Int32 = 20,
    _ ask: () throws -> Value?
) throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds * Sanitizer.patience)
    while true {
        if let value = try ask() { return value }
        guard clock.now < deadline else { throw Failure("waited \(seconds * Sanitizer.patience) s for \(what())") }
        // The interval of asking, not a guess at how long something takes.
        poll(nil, 0, milliseconds)
    }
}
