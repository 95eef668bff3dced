import Foundation
import Glibc
import Testing

extension ProcessTests {
    /// What a started program is to the system.
    @Suite("a start", .serialized)
    struct StartTests {
        private func read(_ gateway: RunningGateway, _ file: String) throws -> [String] {
            let text = try String(contentsOfFile: "/proc/\(gateway.program.pid)/\(file)", encoding: .utf8)
            return text.split { $0 == "\0" || $0 == "\n" }.map(String.init)
        }

        @Test("threads may keep more of what is freed, and the process keeps its id, name and arguments")
        func largerCaches() throws {
            let gateway = try RunningGateway(Setup().yaml)
            #expect(try read(gateway, "environ").contains("GLIBC_TUNABLES=glibc.malloc.tcache_count=128"))
            #expect(try read(gateway, "comm") == ["gateway"])
            #expect(try read(gateway, "cmdline").dropFirst().first == "serve")
        }

        @Test("whoever has set the C library's settings decides")
        func ownCaches() throws {
            let own = ["GLIBC_TUNABLES": "glibc.malloc.tcache_count=9"]
            let gateway = try RunningGateway(Setup().yaml, environment: own)
            let settings = try read(gateway, "environ").filter { $0.hasPrefix("GLIBC_TUNABLES") }
            #expect(settings == ["GLIBC_TUNABLES=glibc.malloc.tcache_count=9"])
        }

        @Test("a core is the engine's: one event loop fewer than cores, at least one and at most two")
        func loops() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let threads = "/proc/\(gateway.program.pid)/task"
            let names = try FileManager.default.contentsOfDirectory(atPath: threads).map { thread in
                try String(contentsOfFile: "\(threads)/\(thread)/comm", encoding: .utf8)
            }
            let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
            #expect(names.count { $0.hasPrefix("loop-") } == max(1, min(2, cores - 1)))
        }
    }
}
