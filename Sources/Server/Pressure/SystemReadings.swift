import Glibc

/// What Linux says of memory and disks.
public enum SystemReadings {
    /// Bytes that are free for this process in the file system of a path; `nil` when it cannot be told.
    public static func freeDisk(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// Bytes of a file; `nil` when it is not there.
    public static func size(of path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }

    /// Bytes of memory that this process has (proc_pid_statm(5), the second figure).
    public static var memory: Int64? {
        guard let figures = text(of: "/proc/self/statm")?.split(separator: " "), figures.count > 1,
            let pages = Int64(figures[1])
        else { return nil }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Bytes of memory that this process could have: the machine's, or what its control group allows.
    public static var machineMemory: Int64? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let machine = pages > 0 ? Int64(pages) * Int64(sysconf(Int32(_SC_PAGESIZE))) : nil
        let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { path in
            text(of: path).flatMap { Int64($0.prefix { $0.isNumber }) }
        }
        return (groups + [machine].compactMap { $0 }).min()
    }

    /// The beginning of a small file of the kernel.
    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}
