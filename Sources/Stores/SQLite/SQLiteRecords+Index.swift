import Gateway
import SQL

// What an index of documents outside is to be told.

extension SQLiteRecords {
    package func aimIndex(at target: String?, again: Bool) throws(StoreError) {
        let before = try indexState()?.target
        guard again || before != target else { return }
        try change { database throws(StoreError) in
            try database.run("DELETE FROM index_target")
            try database.run("DELETE FROM index_change")
            guard let target else { return }
            try database.run("INSERT INTO index_target(id, target, is_prepared) VALUES (1, ?, 0)", .text(target))
            try database.run("INSERT INTO index_change(document) SELECT id FROM document ORDER BY number")
        }
    }

    package func indexState() throws(StoreError) -> IndexState? {
        try read { database throws(StoreError) in
            try database.first(
                """
                SELECT target, is_prepared, EXISTS (SELECT 1 FROM index_change WHERE refused IS NULL)
                FROM index_target
                """
            ) { IndexState(target: $0.text(0), isPrepared: $0.integer(1) != 0, isBehind: $0.integer(2) != 0) }
        }
    }

    package func indexCounts() throws(StoreError) -> IndexCounts {
        try read { database throws(StoreError) in
            let counts = try database.first(
                """
                SELECT (SELECT count(*) FROM index_change WHERE refused IS NULL),
                    (SELECT count(*) FROM index_change WHERE refused IS NOT NULL)
                """
            ) { IndexCounts(waiting: Int($0.integer(0)), refused: Int($0.integer(1))) }
            return counts ?? IndexCounts()
        }
    }

    package func noteIndexPrepared() throws(StoreError) {
        try change { database throws(StoreError) in try database.run("UPDATE index_target SET is_prepared = 1") }
    }

    package func indexChanges(limit: Int) throws(StoreError) -> [IndexChange] {
        try look { database throws(StoreError) in
            let rows = try database.all(
                "SELECT sequence, document FROM index_change WHERE refused IS NULL ORDER BY sequence LIMIT ?",
                .limit(limit)
            ) { ($0.integer(0), $0.text(1)) }
            var changes: [IndexChange] = []
            for (sequence, id) in rows {
                let document = try database.first(
                    """
                    SELECT id, boat, type, title, url, created, updated, media, text FROM document WHERE id = ?
                    """, .text(id)
                ) { Database.document($0, text: $0.text(8)) }
                changes.append(IndexChange(sequence, id: id, document))
            }
            return changes
        }
    }

    package func endIndexChanges(_ sequences: [Int64]) throws(StoreError) {
        try change { database throws(StoreError) in
            for sequence in sequences {
                try database.run("DELETE FROM index_change WHERE sequence = ?", .integer(sequence))
            }
        }
    }

    package func refuseIndexChange(_ sequence: Int64, code: String) throws(StoreError) {
        try change { database throws(StoreError) in
            try database.run(
                "UPDATE index_change SET refused = ? WHERE sequence = ?", .text(code), .integer(sequence))
        }
    }

    package func refusedIndexChanges(limit: Int) throws(StoreError) -> [IndexRefusal] {
        try read { database throws(StoreError) in
            try database.all(
                """
                SELECT document, refused FROM index_change WHERE refused IS NOT NULL ORDER BY sequence LIMIT ?
                """, .limit(limit)
            ) { IndexRefusal(id: $0.text(0), code: $0.text(1)) }
        }
    }
}

extension Database {
    /// Notes that a document was put or removed, where an index outside is to be told: behind all others, once.
    func noteIndexChange(_ id: String) throws(StoreError) {
        try run(
            """
            INSERT OR REPLACE INTO index_change(document) SELECT ? WHERE EXISTS (SELECT 1 FROM index_target)
            """, .text(id))
    }
}
