import Gateway
import MemoryStore
import SQLiteStore

/// The two sides of the configured store.
struct ProgramStore {
    let deliveries: any DeliveryStore
    let records: any RecordStore
    /// The file, for a store that has one.
    let path: String?

    /// - Parameter folder: replaces the folder of a relative SQLite path, as `--data` does.
    init(_ location: StoreLocation, folder: String?) throws(CommandFailure) {
        do throws(StoreError) {
            switch location {
            case .memory:
                let store = InMemoryStore()
                deliveries = store
                records = store
                self.path = nil
            case .sqlite(let path):
                let name = path.split(separator: "/").last.map(String.init) ?? "gateway.db"
                let place = folder.map { $0 + "/" + name } ?? path
                let file = try SQLiteFile(path: place)
                self.path = place
                deliveries = try file.deliveries()
                records = try file.records()
            case .postgres:
                throw StoreError(.failed, "this version of the gateway has no PostgreSQL store")
            }
        } catch {
            throw CommandFailure("store_" + error.kind.rawValue, "the store cannot be opened: " + error.message)
        }
    }
}
