/// The youngest elements of an endless sequence; an element's number never changes.
struct Ring<Element> {
    private var slots: [Element] = []
    private let limit: Int
    /// How many elements were ever added: the number of the next one.
    private(set) var end = 0

    /// Keeps at most `limit` elements (at least one).
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The number of the oldest element that is kept.
    var start: Int { end - slots.count }

    /// Adds an element; the oldest makes room.
    mutating func append(_ element: Element) {
        if slots.count < limit {
            slots.append(element)
        } else {
            slots[end % limit] = element
        }
        end += 1
    }

    /// The element of a number, nil when it is gone or not there yet.
    subscript(number: Int) -> Element? {
        guard number >= start, number < end else { return nil }
        return slots[number % limit]
    }
}
