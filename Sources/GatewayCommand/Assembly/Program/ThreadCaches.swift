import CLinux
import Glibc

/// How much freed memory each thread keeps for itself. Messages pass from thread to thread in batches of tens, and with
/// seven chunks of a size, the C library's default, most of what is freed goes through the locks of other threads' heaps
/// (docs/decisions/0063-threads-keep-more-of-what-is-freed.md).
enum ThreadCaches {
    /// Where the C library takes its settings from, once, while it starts (glibc manual, 'Tunables').
    static let variable = "GLIBC_TUNABLES"
    /// Chunks of each size up to 1,032 bytes, for each thread.
    static let settings = "glibc.malloc.tcache_count=128"

    /// Starts the program once more, as the same process with the same arguments. Whoever has set the variable decides
    /// instead; where it cannot be done, and for a program with privileges, of which the C library would take the
    /// variable away, all goes on as it is.
    static func enlarge() {
        guard getenv(variable) == nil, getauxval(UInt(AT_SECURE)) == 0 else { return }
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        // Under its own path it keeps its name.
        guard readlink("/proc/self/exe", &path, path.count - 1) > 0, setenv(variable, settings, 1) == 0 else { return }
        execv(path, CommandLine.unsafeArgv)
        unsetenv(variable)
    }
}
