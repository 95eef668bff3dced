import Gateway
import Glibc
import MemoryStore
import SQLiteStore

/// The stores that must pass the contract suite.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite
}

/// A fresh store of a kind; what it leaves on disk goes with it.
final class StoreFixture {
    let folder: TemporaryFolder
    let deliveries: any DeliveryStore
    let records: any RecordStore

    init(_ kind: StoreKind) throws {
        folder = try TemporaryFolder()
        switch kind {
        case .memory:
            let store = InMemoryStore()
            (deliveries, records) = (store, store)
        case .sqlite:
            let file = try SQLiteFile(path: folder.path + "/gateway.db")
            (deliveries, records) = (try file.deliveries(), try file.records())
        }
    }
}

/// A folder that is removed with its last user.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/gateway-store-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw StoreError(.failed, "no temporary folder") }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in (try? names(in: path)) ?? [] {
            let item = path + "/" + name
            if unlink(item) != 0 { remove(item) }
        }
        rmdir(path)
    }

    /// The names of what a folder holds, sorted.
    static func names(in path: String) throws -> [String] {
        guard let folder = opendir(path) else { throw StoreError(.failed, "no folder") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
