import Crypto

/// Caps automatic replies, so that two machines cannot talk for ever: unknown senders one a day, others five an hour,
/// never the same text twice in a row. What was said is kept as marks on the number, so that a restart forgets nothing.
struct ReplyLimiter {
    /// A number's replies of the last day, at most as many as an hour allows, in places that are used in turn.
    private struct Reply {
        var mark: AddressMark
        var place: Int
        var text: String
    }

    private static let day = Duration.seconds(86_400)
    private let number: String
    private let now: Timestamp
    private let kind: AddressMark.Kind
    private let perHour: Int
    private let replies: [Reply]

    /// - Parameters:
    ///   - kind: what is counted.
    ///   - perHour: to somebody who is known.
    init(
        _ book: AddressBook, _ number: String, now: Timestamp, _ kind: AddressMark.Kind = .replied, perHour: Int = 5
    ) {
        self.number = number
        self.now = now
        self.kind = kind
        self.perHour = perHour
        replies = book.marks(of: number, kind, now: now).compactMap { mark in
            let parts = mark.scope.split(separator: " ")
            guard parts.count == 2, let place = Int(parts[0]) else { return nil }
            return Reply(mark: mark, place: place, text: String(parts[1]))
        }
    }

    /// Whether another reply may go to the number.
    func mayReply(isKnown: Bool) -> Bool {
        let span = isKnown ? Duration.seconds(3_600) : Self.day
        return replies.count { $0.mark.at + span > now } < (isKnown ? perHour : 1)
    }

    /// What to keep of a reply; `nil` when the text repeats the last one within a day.
    func marks(of text: String) -> [AddressMark]? {
        let hash = Hex.encode(Array(HashAlgorithm.sha256.digest(Array(text.utf8)).prefix(8)))
        return last?.text == hash ? nil : marks(hash)
    }

    /// What to keep where the text does not matter.
    func marks() -> [AddressMark] { marks("-") }

    private var last: Reply? { replies.max { ($0.mark.at, $0.place) < ($1.mark.at, $1.place) } }

    private func marks(_ text: String) -> [AddressMark] {
        let place = last.map { ($0.place + 1) % perHour } ?? 0
        // The oldest gives its place away.
        let removed = replies.filter { $0.place == place }.map { reply in
            AddressMark(number: number, kind: kind, scope: reply.mark.scope, at: now, until: now)
        }
        return removed
            + [AddressMark(number: number, kind: kind, scope: "\(place) \(text)", at: now, until: now + Self.day)]
    }
}
