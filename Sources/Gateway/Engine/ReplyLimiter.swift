import Crypto

/// Caps automatic replies, so that two machines cannot talk for ever: unknown senders one a day, others five an hour,
/// never the same text twice in a row.
struct ReplyLimiter {
    private struct History {
        var times: [Timestamp] = []
        var lastText: [UInt8] = []
    }

    private var histories: [String: History] = [:]
    private static let day = Duration.seconds(86_400)

    /// Whether another reply may go to the number.
    func mayReply(to number: String, isKnown: Bool, now: Timestamp) -> Bool {
        guard let history = histories[number] else { return true }
        let span = isKnown ? Duration.seconds(3_600) : Self.day
        return history.times.count { $0 + span > now } < (isKnown ? 5 : 1)
    }

    /// Notes a reply; `false` when the text repeats the last one within a day.
    mutating func note(_ text: String, to number: String, now: Timestamp) -> Bool {
        var history = histories[number] ?? History()
        let hash = HashAlgorithm.sha256.digest(Array(text.utf8))
        if history.lastText == hash, let last = history.times.last, last + Self.day > now { return false }
        history.times.removeAll { $0 + Self.day <= now }
        history.times.append(now)
        history.lastText = hash
        histories[number] = history
        if histories.count > 100_000 { forgetOld(now) }
        return true
    }

    private mutating func forgetOld(_ now: Timestamp) {
        histories = histories.filter { $0.value.times.last.map { $0 + Self.day > now } ?? false }
    }
}
