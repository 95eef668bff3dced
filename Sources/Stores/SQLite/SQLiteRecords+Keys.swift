import Gateway
import SQL

extension SQLiteRecords {
    package func put(_ key: KeyRecord) throws(StoreError) {
        try change { database throws(StoreError) in
            try database.run(
                """
                REPLACE INTO api_key(id, name, hash, tenant, daily_calls, daily_spend, created, revoked)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """, .text(key.id), .text(key.name), .text(key.hash), .text(key.tenant),
                .integer(key.dailyCalls.map { Int64($0) }), .integer(key.dailySpend), .time(key.created),
                .time(key.revoked))
            try database.run("DELETE FROM api_key_scope WHERE api_key = ?", .text(key.id))
            for (position, scope) in key.scopes.enumerated() {
                try database.run(
                    "INSERT INTO api_key_scope(api_key, position, scope) VALUES (?, ?, ?)", .text(key.id),
                    .integer(Int64(position)), .text(scope))
            }
        }
    }

    package func key(_ id: String) throws(StoreError) -> KeyRecord? {
        try look { database throws(StoreError) in try database.key(id) }
    }

    package func keys() throws(StoreError) -> [KeyRecord] {
        try look { database throws(StoreError) in
            let ids = try database.all("SELECT id FROM api_key ORDER BY id") { $0.text(0) }
            return try database.each(ids, Database.key)
        }
    }
}

extension Database {
    fileprivate func key(_ id: String) throws(StoreError) -> KeyRecord? {
        let scopes = try all("SELECT scope FROM api_key_scope WHERE api_key = ? ORDER BY position", .text(id)) {
            $0.text(0)
        }
        return try first(
            "SELECT id, name, hash, tenant, daily_calls, daily_spend, created, revoked FROM api_key WHERE id = ?",
            .text(id)
        ) { KeyRecord($0, scopes: scopes) }
    }
}
