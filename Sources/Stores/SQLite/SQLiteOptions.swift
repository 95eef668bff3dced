/// How the connections to a store's file behave. The values are measured ones and rarely need another.
package struct SQLiteOptions: Sendable, Hashable {
    /// How long a change waits while another process writes, in milliseconds, before it is `busy`.
    package var busyTimeout: Int32 = 5_000
    /// The page cache of a connection to the store, in KiB: its tables grow at their ends.
    package var cacheKibibytes = 4_096
    /// The same for a connection to the index of look-up keys, whose pages are written all over the file.
    package var indexCacheKibibytes = 16_384
    /// After how many pages (4 KiB) of the log a commit writes them back to the file; more make commits even but the
    /// log long.
    package var checkpointPages = 2_000
    /// The greatest size of the file in pages (4 KiB); a commit beyond it is refused as `full`. `nil` for the disk's.
    package var maximumPages: Int32?

    /// The name of the registered SQLite VFS below the file; `nil` for the system's. Folder, lock and rights are the
    /// system's all the same.
    package var vfs: String?

    /// How many look-up keys wait in memory before they are moved to their index: more make its writing cheaper, and
    /// searches and the start dearer. Memory holds at most four times as many.
    package var lookUpBatch = 32_768

    /// The measured values.
    package init() {}
}
