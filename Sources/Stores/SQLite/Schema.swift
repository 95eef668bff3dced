import SQL

/// The versions of the schema. A version that was released is never changed; what changes is added as a new one.
enum Schema {
    /// All versions, from 1 on; the application is "gway" in ASCII.
    static let migrations = SQLMigrations(
        applicationID: 0x6777_6179,
        steps: [
            SQLMigrations.Step(1, version1), SQLMigrations.Step(2, version2), SQLMigrations.Step(3, version3),
            SQLMigrations.Step(4, version4), SQLMigrations.Step(5, version5), SQLMigrations.Step(6, version6),
            SQLMigrations.Step(7, version7), SQLMigrations.Step(8, version8), SQLMigrations.Step(9, version9),
            SQLMigrations.Step(10, version10), SQLMigrations.Step(11, version11), SQLMigrations.Step(12, version12),
            SQLMigrations.Step(13, version13), SQLMigrations.Step(14, version14), SQLMigrations.Step(15, version15),
            SQLMigrations.Step(16, version16), SQLMigrations.Step(17, version17), SQLMigrations.Step(18, version18),
            SQLMigrations.Step(19, version19), SQLMigrations.Step(20, version20), SQLMigrations.Step(21, version21),
            SQLMigrations.Step(22, version22), SQLMigrations.Step(23, version23), SQLMigrations.Step(24, version24),
            SQLMigrations.Step(25, version25), SQLMigrations.Step(26, version26),
            SQLMigrations.Step(27, version27),
            SQLMigrations.Step(28, version28),
        ])

    /// Identifiers rise with time, so their tables grow at the end and cost little; keys that clients and providers
    /// choose are in tables WITHOUT ROWID. A delivery with the identifier of its message needs no index entry.
    private static let version1 = """
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
        """

    /// What keys spent on each day.
    private static let version2 = """
        CREATE TABLE spend(day INTEGER NOT NULL, api_key TEXT NOT NULL, calls INTEGER NOT NULL, micros INTEGER NOT NULL,
            PRIMARY KEY(day, api_key)) STRICT, WITHOUT ROWID;
        """

    /// What other systems are to be told.
    private static let version3 = """
        CREATE TABLE outgoing(id INTEGER PRIMARY KEY, type TEXT NOT NULL, delivery INTEGER NOT NULL, url TEXT NOT NULL,
            body BLOB NOT NULL, created INTEGER NOT NULL, tries INTEGER NOT NULL, due INTEGER NOT NULL) STRICT;
        """

    /// Look-up keys, those of a commit in one row; `lookup` keeps what it has and gets nothing new.
    private static let version4 = """
        CREATE TABLE lookup_log(sequence INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
        """

    /// What is known of receipts, for each sender and country.
    private static let version5 = """
        CREATE TABLE receipt(channel TEXT NOT NULL, country TEXT NOT NULL, sent INTEGER NOT NULL,
            reported INTEGER NOT NULL, quality TEXT NOT NULL, PRIMARY KEY(channel, country)) STRICT, WITHOUT ROWID;
        """

    /// What a person decided about a review, and with which key.
    private static let version6 = """
        ALTER TABLE review ADD COLUMN verdict TEXT;
        ALTER TABLE review ADD COLUMN closed_by TEXT;
        """

    /// What attempts cost on each day, and what went to each recipient.
    private static let version7 = """
        CREATE TABLE cost(day INTEGER NOT NULL, tenant TEXT NOT NULL, policy TEXT NOT NULL, channel TEXT NOT NULL,
            country TEXT NOT NULL, attempts INTEGER NOT NULL, estimate INTEGER NOT NULL, settled INTEGER NOT NULL,
            settled_estimate INTEGER NOT NULL, actual INTEGER NOT NULL, duplicates INTEGER NOT NULL,
            duplicate_estimate INTEGER NOT NULL, PRIMARY KEY(day, tenant, policy, channel, country))
            STRICT, WITHOUT ROWID;
        CREATE TABLE cost_recipient(recipient TEXT NOT NULL, day INTEGER NOT NULL, spent INTEGER NOT NULL,
            PRIMARY KEY(recipient, day)) STRICT, WITHOUT ROWID;
        CREATE INDEX cost_recipient_day ON cost_recipient(day);
        """

    /// Attempts whose price the provider is still to be asked for.
    private static let version8 = """
        CREATE TABLE settlement(delivery INTEGER NOT NULL, attempt INTEGER NOT NULL, created INTEGER NOT NULL,
            due INTEGER NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY(delivery, attempt)) STRICT, WITHOUT ROWID;
        CREATE INDEX settlement_due ON settlement(due, delivery, attempt);
        """

    /// What contacts want of messages.
    private static let version9 = """
        ALTER TABLE contact ADD COLUMN preferences BLOB;
        """

    /// The register of warranties. Reminders are kept for good: nobody is reminded twice.
    private static let version10 = """
        CREATE TABLE warranty(id TEXT PRIMARY KEY NOT NULL, look INTEGER, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX warranty_look ON warranty(look) WHERE look IS NOT NULL;
        CREATE TABLE reminder(warranty TEXT NOT NULL, expires INTEGER NOT NULL, lead INTEGER NOT NULL,
            at INTEGER NOT NULL, message INTEGER, outcome TEXT NOT NULL, PRIMARY KEY(warranty, expires, lead))
            STRICT, WITHOUT ROWID;
        """

    /// Many recipients under one envelope. Parts are long rows, so they are found by an index of their own.
    private static let version11 = """
        CREATE TABLE mailing(id INTEGER PRIMARY KEY, created INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
        CREATE TABLE mailing_progress(mailing INTEGER PRIMARY KEY, is_open INTEGER NOT NULL, blob BLOB NOT NULL) STRICT;
        CREATE INDEX mailing_open ON mailing_progress(mailing) WHERE is_open = 1;
        CREATE TABLE mailing_part(mailing INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY(mailing, part)) STRICT;
        CREATE TABLE mailing_outcome(mailing INTEGER NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL,
            PRIMARY KEY(mailing, part)) STRICT;
        """

    /// Errors: one row for the same one in an hour, of `owner` or (0) of all deliveries. Marks are removed once they have
    /// ended.
    private static let version12 = """
        CREATE TABLE error(id INTEGER PRIMARY KEY, hour INTEGER NOT NULL, code TEXT NOT NULL, tenant TEXT NOT NULL,
            channel TEXT NOT NULL, provider TEXT NOT NULL, country TEXT NOT NULL, provider_code INTEGER NOT NULL,
            owner INTEGER NOT NULL, severity INTEGER NOT NULL, message TEXT NOT NULL, first_at INTEGER NOT NULL,
            last_at INTEGER NOT NULL, times INTEGER NOT NULL, delivery INTEGER, message_id INTEGER, step INTEGER,
            attempt INTEGER) STRICT;
        CREATE UNIQUE INDEX error_same
            ON error(hour, code, tenant, channel, provider, country, provider_code, owner);
        CREATE INDEX mark_until ON mark(until) WHERE until IS NOT NULL;
        """

    /// What was sold, and which way it went. Until here only what went out was counted, and nobody noted of which kind.
    private static let version13 = """
        ALTER TABLE cost RENAME TO cost_before;
        CREATE TABLE cost(day INTEGER NOT NULL, tenant TEXT NOT NULL, policy TEXT NOT NULL, channel TEXT NOT NULL,
            country TEXT NOT NULL, kind TEXT NOT NULL, direction TEXT NOT NULL, attempts INTEGER NOT NULL,
            estimate INTEGER NOT NULL, settled INTEGER NOT NULL, settled_estimate INTEGER NOT NULL,
            actual INTEGER NOT NULL, duplicates INTEGER NOT NULL, duplicate_estimate INTEGER NOT NULL,
            PRIMARY KEY(day, tenant, policy, channel, country, kind, direction)) STRICT, WITHOUT ROWID;
        INSERT INTO cost SELECT day, tenant, policy, channel, country, '', 'out', attempts, estimate, settled,
            settled_estimate, actual, duplicates, duplicate_estimate FROM cost_before;
        DROP TABLE cost_before;
        """

    /// Who wrote or called is found by the number, also what came in before. Documents, and the index of their words:
    /// `place` is a word of the boat's id, so that the index finds a boat's documents without looking at those of others.
    /// The index has no texts of its own, so whoever changes a document takes the old words out of it. They are folded
    /// before they come in: SQLite keeps the accents of Greek.
    private static let version14 = """
        INSERT OR IGNORE INTO lookup(kind, key, id) SELECT 4, sender, id FROM inbound;
        CREATE TABLE document(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, boat TEXT NOT NULL,
            type TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT,
            created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;
        CREATE INDEX document_boat ON document(boat, type, updated);
        CREATE VIRTUAL TABLE document_word USING fts5(place, title, text, content = '',
            tokenize = 'unicode61 remove_diacritics 0');
        """

    /// What others are told that is about no delivery's transition: the sequence is that of `event` too. How far consumers
    /// of events have come.
    private static let version15 = """
        CREATE TABLE published(sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL,
            subject TEXT NOT NULL, tenant TEXT, body BLOB NOT NULL) STRICT;
        CREATE TABLE consumer(tenant TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL,
            PRIMARY KEY(tenant, name)) STRICT, WITHOUT ROWID;
        """

    /// Subscribers to events, and what they refused.
    private static let version16 = """
        CREATE TABLE subscription(id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, body BLOB NOT NULL,
            progress BLOB NOT NULL) STRICT;
        CREATE TABLE dead_letter(subscription INTEGER NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL,
            subject TEXT NOT NULL, status INTEGER NOT NULL, tries INTEGER NOT NULL, at INTEGER NOT NULL,
            is_replayed INTEGER NOT NULL, PRIMARY KEY(subscription, position)) STRICT, WITHOUT ROWID;
        """

    /// What came in that a review is about, and what a person made of it.
    private static let version17 = """
        ALTER TABLE review ADD COLUMN inbound INTEGER;
        ALTER TABLE review ADD COLUMN reply INTEGER;
        ALTER TABLE review ADD COLUMN contact TEXT;
        """

    /// What the answer to something that is told is needed for.
    private static let version18 = "ALTER TABLE outgoing ADD COLUMN context BLOB;"

    /// An answer that a language model drafted.
    private static let version19 = "ALTER TABLE review ADD COLUMN draft TEXT;"

    /// What was said about consent, for good; what counted before it was kept begins the history. Contacts that were
    /// merged, and into which.
    private static let version20 = """
        CREATE TABLE consent_statement(id INTEGER PRIMARY KEY, number TEXT NOT NULL, sender TEXT NOT NULL,
            is_granted INTEGER NOT NULL, since INTEGER NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL,
            reference TEXT NOT NULL, is_ignored INTEGER NOT NULL) STRICT;
        CREATE INDEX consent_statement_number ON consent_statement(number);
        INSERT INTO consent_statement(number, sender, is_granted, since, at, source, reference, is_ignored)
            SELECT number, scope, kind = 'consented', at, at, 'earlier', '', 0 FROM mark
            WHERE kind IN ('consented', 'opted_out') ORDER BY at, number, scope;
        CREATE TABLE contact_alias(alias TEXT PRIMARY KEY NOT NULL, contact TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX contact_alias_contact ON contact_alias(contact);
        """

    /// Files that people sent. What waits has a time, and is found by it; lists go by boat or contact.
    private static let version21 = """
        CREATE TABLE media(id INTEGER PRIMARY KEY, inbound INTEGER NOT NULL, contact TEXT, boat TEXT,
            provider TEXT NOT NULL, url TEXT NOT NULL, given_type TEXT NOT NULL, created INTEGER NOT NULL,
            state TEXT NOT NULL, reason TEXT, type TEXT, size INTEGER, hash TEXT, tries INTEGER NOT NULL,
            due INTEGER, stored INTEGER) STRICT;
        CREATE INDEX media_due ON media(due, id) WHERE due IS NOT NULL;
        CREATE INDEX media_boat ON media(boat, id) WHERE boat IS NOT NULL;
        CREATE INDEX media_contact ON media(contact, id) WHERE contact IS NOT NULL;
        ALTER TABLE document ADD COLUMN media INTEGER;
        """

    /// Which index outside is to have all documents, and what it was not told of: a document once, behind all others when
    /// it changes again. A sequence is never used twice, so that what was told is not taken for what changed meanwhile.
    private static let version22 = """
        CREATE TABLE index_target(id INTEGER PRIMARY KEY, target TEXT NOT NULL, is_prepared INTEGER NOT NULL) STRICT;
        CREATE TABLE index_change(sequence INTEGER PRIMARY KEY AUTOINCREMENT, document TEXT NOT NULL UNIQUE,
            refused TEXT) STRICT;
        CREATE INDEX index_change_waiting ON index_change(sequence) WHERE refused IS NULL;
        CREATE INDEX index_change_refused ON index_change(sequence) WHERE refused IS NOT NULL;
        """

    /// With what contacts prove that it is them who write.
    private static let version23 = """
        CREATE TABLE pin(contact TEXT PRIMARY KEY NOT NULL, hash TEXT NOT NULL, since INTEGER NOT NULL)
            STRICT, WITHOUT ROWID;
        """

    /// Work for people. What is open is found without looking at what has ended.
    private static let version24 = """
        CREATE TABLE task(id INTEGER PRIMARY KEY, queue TEXT NOT NULL, priority INTEGER NOT NULL,
            created INTEGER NOT NULL, state TEXT NOT NULL, changed INTEGER NOT NULL, worker TEXT, reason TEXT,
            inbound INTEGER, contact TEXT, attributes BLOB NOT NULL) STRICT;
        CREATE INDEX task_open ON task(id) WHERE state IN ('pending', 'assigned');
        """

    /// What providers said of attempts beside evidence.
    private static let version25 = """
        CREATE TABLE report_detail(delivery INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL,
            at INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY(delivery, attempt, status)) STRICT, WITHOUT ROWID;
        """

    /// By which files that people sent are removed: who else has their bytes, and which documents they are.
    private static let version26 = """
        CREATE INDEX media_hash ON media(hash) WHERE hash IS NOT NULL;
        CREATE INDEX document_media ON document(media) WHERE media IS NOT NULL;
        """

    /// The ways of tasks, and who works. What is open, and what was taken, is found by itself.
    private static let version27 = """
        ALTER TABLE task ADD COLUMN entered INTEGER;
        ALTER TABLE task ADD COLUMN accepted INTEGER;
        ALTER TABLE task ADD COLUMN course BLOB;
        DROP INDEX task_open;
        CREATE INDEX task_open ON task(id) WHERE state IN ('pending', 'reserved', 'assigned');
        CREATE INDEX task_accepted ON task(queue, accepted) WHERE accepted IS NOT NULL;
        CREATE TABLE worker(name TEXT PRIMARY KEY NOT NULL, activity TEXT NOT NULL, since INTEGER NOT NULL,
            idle INTEGER NOT NULL, given INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """

    /// Conferences of the telephone, and who was called into them. Open ones are found without looking at the others.
    private static let version28 = """
        CREATE TABLE conference(id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, boat TEXT,
            channel TEXT NOT NULL, provider TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL,
            provider_id TEXT NOT NULL, is_recorded INTEGER NOT NULL, started INTEGER, ended INTEGER, reason TEXT) STRICT;
        CREATE INDEX conference_open ON conference(id) WHERE state <> 'ended';
        CREATE INDEX conference_name ON conference(name, id);
        CREATE INDEX conference_boat ON conference(boat, id) WHERE boat IS NOT NULL;
        CREATE TABLE conference_participant(id INTEGER PRIMARY KEY, conference INTEGER NOT NULL, number TEXT NOT NULL,
            contact TEXT, label TEXT NOT NULL, starts_on_enter INTEGER NOT NULL, ends_on_exit INTEGER NOT NULL,
            is_muted INTEGER NOT NULL, coaches TEXT, is_held INTEGER NOT NULL, created INTEGER NOT NULL,
            state TEXT NOT NULL, provider_id TEXT NOT NULL, joined INTEGER, gone INTEGER, reason TEXT,
            code INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;
        CREATE INDEX conference_participant_of ON conference_participant(conference, id);
        """
}
