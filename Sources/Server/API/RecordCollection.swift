import Gateway
import JSON

/// Records that callers name themselves, as the API lists, reads, puts and deletes them. Store functions may block.
struct RecordCollection<Record: Sendable>: Sendable {
    /// At most so many behind an id.
    var page: @Sendable (_ after: String?, _ limit: Int) throws(StoreError) -> [Record]
    var find: @Sendable (_ id: String) throws(StoreError) -> Record?
    var put: @Sendable (Record) throws(StoreError) -> Void
    /// Whether it was there.
    var remove: @Sendable (_ id: String) throws(StoreError) -> Bool
    /// Reads a request's body.
    var read: @Sendable (_ id: String, _ body: JSONObject) throws(Problem) -> Record
    var view: @Sendable (Record) -> JSONValue
    var id: @Sendable (Record) -> String
}
