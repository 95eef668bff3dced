/// A file as version 1 of the schema left it, as statements. Never edit: it stands for files in use.
enum Version1 {
    static let dump = """
        PRAGMA application_id = 1735876985;
        PRAGMA user_version = 1;
        PRAGMA journal_mode = WAL;
        CREATE TABLE message(id INTEGER PRIMARY KEY, created INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE delivery(id INTEGER PRIMARY KEY, message INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE INDEX delivery_of_message ON delivery(message) WHERE message <> id;
        CREATE TABLE state(delivery INTEGER PRIMARY KEY, blob BLOB NOT NULL) STRICT;
        CREATE TABLE closed(delivery INTEGER PRIMARY KEY, blob BLOB NOT NULL) STRICT;
        CREATE TABLE event(sequence INTEGER PRIMARY KEY, delivery INTEGER NOT NULL, blob BLOB NOT NULL) STRICT;
        CREATE TABLE snapshot(hash TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE answer(key TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL, until INTEGER NOT NULL)
            STRICT, WITHOUT ROWID;
        CREATE INDEX answer_until ON answer(until);
        CREATE TABLE lookup(kind INTEGER NOT NULL, key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(kind, key, id))
            STRICT, WITHOUT ROWID;
        CREATE TABLE review(id INTEGER PRIMARY KEY, delivery INTEGER, reason TEXT NOT NULL, is_open INTEGER NOT NULL,
            created INTEGER NOT NULL, closed INTEGER) STRICT;
        CREATE INDEX review_open ON review(delivery, id) WHERE is_open = 1;
        CREATE TABLE inbound(id INTEGER PRIMARY KEY, created INTEGER NOT NULL, channel TEXT NOT NULL,
            sender TEXT NOT NULL, recipient TEXT NOT NULL, provider_id TEXT NOT NULL, contact TEXT,
            body BLOB NOT NULL) STRICT;
        CREATE TABLE mark(number TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, at INTEGER NOT NULL,
            until INTEGER, PRIMARY KEY(number, kind, scope)) STRICT, WITHOUT ROWID;
        CREATE TABLE contact(id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, locale TEXT, time_zone TEXT)
            STRICT, WITHOUT ROWID;
        CREATE TABLE address(contact TEXT NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL,
            value TEXT NOT NULL, verified INTEGER NOT NULL, PRIMARY KEY(contact, position)) STRICT, WITHOUT ROWID;
        CREATE INDEX address_value ON address(value, kind);
        CREATE TABLE boat(id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE boat_contact(boat TEXT NOT NULL, position INTEGER NOT NULL, contact TEXT NOT NULL,
            role TEXT NOT NULL, PRIMARY KEY(boat, position)) STRICT, WITHOUT ROWID;
        CREATE INDEX boat_contact_contact ON boat_contact(contact);
        CREATE TABLE api_key(id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL,
            tenant TEXT NOT NULL, daily_calls INTEGER, daily_spend INTEGER, created INTEGER NOT NULL,
            revoked INTEGER) STRICT, WITHOUT ROWID;
        CREATE TABLE api_key_scope(api_key TEXT NOT NULL, position INTEGER NOT NULL, scope TEXT NOT NULL,
            PRIMARY KEY(api_key, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE lease(partition INTEGER PRIMARY KEY, epoch INTEGER NOT NULL) STRICT;
        INSERT INTO message VALUES (1, 1001, x'656e76656c6f7065'), (2, 1002, x'656e76656c6f7065');
        INSERT INTO delivery VALUES
        (1, 1, x'726563697069656e742031'),
        (2, 2, x'726563697069656e742032'),
        (3, 2, x'726563697069656e742033');
        INSERT INTO state VALUES (1, x'00000000000000017374617465');
        INSERT INTO closed VALUES (2, x'0000000000000003656e646564');
        INSERT INTO event VALUES
        (1, 1, x'000000000000000001'),
        (2, 2, x'000000000000000002'),
        (3, 2, x'000000000000000203');
        INSERT INTO snapshot VALUES ('00ff', x'7b7d');
        INSERT INTO answer VALUES ('key', x'01', 99);
        INSERT INTO lookup VALUES (2, '+447700900123', 1), (2, '+447700900123', 2);
        INSERT INTO review VALUES (4, 2, 'refused', 1, 4, NULL);
        INSERT INTO inbound VALUES (5, 5, 'sms', '+447700900123', '+447700900000', 'SM5', NULL, x'');
        INSERT INTO mark VALUES ('+447700900123', 'opted_out', '+447700900000', 7, NULL);
        INSERT INTO contact VALUES ('anna', 'Name of anna', NULL, NULL);
        INSERT INTO address VALUES ('anna', 0, 'phone', '+447700900123', 1);
        INSERT INTO boat VALUES ('alba', 'Boat alba');
        INSERT INTO boat_contact VALUES ('alba', 0, 'anna', 'owner');
        INSERT INTO api_key VALUES ('k', 'key', 'ab12', 'default', NULL, NULL, 5, NULL);
        INSERT INTO api_key_scope VALUES ('k', 0, 'messages:write'), ('k', 1, 'reviews');
        INSERT INTO lease VALUES (0, 3);
        """
}
