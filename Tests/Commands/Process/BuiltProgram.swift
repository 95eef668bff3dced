import FoundationEssentials
import Glibc
import Testing

/// The built `gateway`, which lies beside the test program.
struct BuiltProgram {
    struct Failure: Error {}

    /// What a run left.
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    private static func path() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw Failure() }
        let itself = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        for folder in [URL(filePath: itself).deletingLastPathComponent().path, fromArguments()] {
            let path = folder + "/gateway"
            if access(path, X_OK) == 0 { return path }
        }
        throw Failure()
    }

    /// Where the bundle of the tests lies, when a helper loaded it.
    private static func fromArguments() -> String {
        let arguments = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
        guard let bundle = arguments.last else { return "" }
        return URL(filePath: bundle).deletingLastPathComponent().path
    }

    /// Runs the program to its end, in a folder.
    static func run(
        _ arguments: [String], environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws -> Outcome {
        let path = try path()
        let folder = URL(filePath: "/tmp").appending(path: "gateway-commands-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "output").path
        let errors = folder.appending(path: "errors").path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        var environment = environment
        for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] { environment[name] = ProcessInfo.processInfo.environment[name] }
        let variables = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process = pid_t()
        guard posix_spawn(&process, path, &actions, nil, words, variables) == 0 else { throw Failure() }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { throw Failure() } }
        let written = try String(contentsOfFile: errors, encoding: .utf8)
        // A report fails the test even if it expects the status that a sanitizer ends with.
        if written.contains("Sanitizer: ") { Issue.record("\(written)") }
        // The low bits name a signal, the next byte is the exit status (wait(2)).
        return Outcome(
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F),
            output: try String(contentsOfFile: output, encoding: .utf8), errors: written)
    }
}
