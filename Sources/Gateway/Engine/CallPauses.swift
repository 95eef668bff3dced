/// When the last call with each number ended, and when those may go who wait for `cooldown` since.
struct CallPauses {
    /// The longest `cooldown`: an end that is longer ago is of no use to anybody.
    static let longest = Duration.seconds(3_600)

    private var ends: [String: Timestamp] = [:]
    /// In the order in which they were learned; one whose number was called again has another time there.
    private var order = Queue<(number: String, end: Timestamp)>()
    /// When the first of those who wait for a number may go.
    private var openings: [String: Timestamp] = [:]

    mutating func ended(_ number: String, at end: Timestamp) {
        ends[number] = end
        order.append((number, end))
        while let first = order.first, first.end + Self.longest <= end {
            _ = order.popFirst()
            if ends[first.number] == first.end { ends[first.number] = nil }
        }
    }

    /// When a call that keeps such a distance may be placed; `nil` for now. An end that is still to come belongs to a
    /// clock that was set back since, and holds nobody up.
    func opening(_ number: String, after cooldown: Duration, at now: Timestamp) -> Timestamp? {
        guard let end = ends[number], end <= now, end + cooldown > now else { return nil }
        return end + cooldown
    }

    /// Somebody waits for a number until then.
    mutating func await(_ number: String, until opening: Timestamp) {
        openings[number] = min(openings[number] ?? opening, opening)
    }

    /// When the first of all who wait may go.
    var nextOpening: Timestamp? { openings.values.min() }

    /// Numbers for which the first who wait may go, in order.
    mutating func opened(at now: Timestamp) -> [String] {
        guard !openings.isEmpty else { return [] }
        let numbers = openings.filter { $0.value <= now }.map(\.key).sorted()
        for number in numbers { openings[number] = nil }
        return numbers
    }
}
