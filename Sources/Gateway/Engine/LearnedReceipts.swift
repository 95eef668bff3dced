/// What the engine learned of receipts, over all senders and countries. The store has it a minute later.
struct LearnedReceipts {
    /// A sender and a country.
    struct Key: Hashable, Comparable {
        var channel: String
        /// ISO 3166 alpha-2.
        var country: String

        static func < (left: Self, right: Self) -> Bool {
            (left.channel, left.country) < (right.channel, right.country)
        }
    }

    /// What a turn learned about one text; it counts once the turn is committed.
    struct Sample {
        var key: Key
        var isReport: Bool
    }

    /// From one writing to the next, in the engine's own commits.
    static let saving = Duration.seconds(60)

    private var figures: [Key: ReceiptFigures] = [:]
    /// Those whose receipts are not reliable; mostly none.
    private(set) var doubtful: [Key: ReceiptQuality] = [:]
    private var unsaved: Set<Key> = []
    /// What the running turn writes.
    private var saved: Set<Key> = []
    private var nextSaving = Timestamp(milliseconds: 0)
    /// All that is known, in the order of channels and countries, as it was written last.
    private(set) var records: [ReceiptRecord] = []

    /// Nothing is known.
    init() {}

    /// What a store has.
    init(_ records: [ReceiptRecord]) {
        for record in records {
            let key = Key(channel: record.channel, country: record.country)
            figures[key] = ReceiptFigures(sent: record.sent, reported: record.reported, quality: record.quality)
            if record.quality != .reliable { doubtful[key] = record.quality }
        }
        list()
    }

    /// Takes what a committed turn learned. Returns whose quality changed.
    mutating func take(_ samples: [Sample], at now: Timestamp) -> [Key] {
        var news: [Key] = []
        for sample in samples {
            unsaved.insert(sample.key)
            let isNews =
                sample.isReport
                ? figures[sample.key, default: ReceiptFigures()].addReport(at: now)
                : figures[sample.key, default: ReceiptFigures()].addSent(at: now)
            guard isNews else { continue }
            let quality = figures[sample.key]?.quality ?? .reliable
            doubtful[sample.key] = quality == .reliable ? nil : quality
            if !news.contains(sample.key) { news.append(sample.key) }
        }
        // A change is written with the next commit.
        if !news.isEmpty { nextSaving = now }
        return news
    }

    /// A circuit opened over these channels.
    mutating func forgetYoung(_ keys: [Key]) {
        for key in keys { figures[key]?.forgetYoung() }
    }

    /// What a commit of this time is to write beside its own.
    mutating func save(at now: Timestamp) -> [ReceiptRecord] {
        saved = []
        // A clock that was set back must not put it off for long.
        guard !unsaved.isEmpty, nextSaving <= now || nextSaving > now + Self.saving else { return [] }
        nextSaving = now + Self.saving
        saved = unsaved
        unsaved = []
        list()
        return saved.sorted().compactMap(record)
    }

    /// The commit failed.
    mutating func restore() {
        unsaved.formUnion(saved)
        if !saved.isEmpty { nextSaving = Timestamp(milliseconds: 0) }
        saved = []
    }

    private mutating func list() { records = figures.keys.sorted().compactMap(record) }

    private func record(_ key: Key) -> ReceiptRecord? {
        figures[key].map {
            ReceiptRecord(
                channel: key.channel, country: key.country, sent: $0.sent + $0.young,
                reported: min($0.reported, $0.sent + $0.young), quality: $0.quality)
        }
    }
}
