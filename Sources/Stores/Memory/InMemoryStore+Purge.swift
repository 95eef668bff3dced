import Gateway

// What has ended is removed in parts (docs/decisions/0057-what-has-ended-is-removed-in-parts.md).

extension InMemoryStore {
    package func purge(before now: Timestamp, limit: Int) throws(StoreError) -> Int {
        read { contents in
            max(
                contents.purgeAnswers(before: now, limit: limit), contents.purgeMarks(before: now, limit: limit),
                contents.errors.purge(at: now, limit: limit))
        }
    }
}

extension StoreContents {
    fileprivate mutating func purgeAnswers(before now: Timestamp, limit: Int) -> Int {
        let ended = answers.all().filter { $0.until < now }.sorted { $0.until < $1.until }
        let keys = Set(ended.prefix(max(0, limit)).map { ByteKey($0.key) })
        answers.removeAll { keys.contains(ByteKey($0.key)) }
        return keys.count
    }

    fileprivate mutating func purgeMarks(before now: Timestamp, limit: Int) -> Int {
        let ended = marks.all().compactMap { mark in mark.until.flatMap { $0 < now ? (until: $0, MarkKey(mark)) : nil }
        }
        let first = ended.sorted { $0 < $1 }.prefix(max(0, limit))
        for (_, key) in first { marks[key] = nil }
        return first.count
    }
}
