/// What messages and calls cost, and how long their price stays unknown: the section `prices` of a script.
struct PriceScript: Sendable, Equatable {
    /// What is sold.
    enum Item: String, Sendable, CaseIterable { case sms, mms, whatsapp, voice }

    /// Milliseconds from `sent`, or from the end of a call, until the resource says what it cost. Twilio names no time; two
    /// minutes are before the gateway's first question.
    var delay: Int64 = 120_000
    private var outgoing: [Item: Int64] = [.sms: 750, .mms: 1_000, .whatsapp: 500, .voice: 1_300]
    private var incoming: [Item: Int64] = [.voice: 750]

    /// The prices without a script.
    init() {}

    /// Reads the section.
    init(_ node: ScriptNode, _ reader: inout ScriptReader) {
        let members = reader.members(node, of: "prices", keys: ["after"] + Item.allCases.map(\.rawValue))
        delay = reader.duration(members["after"], "after") ?? delay
        for item in Item.allCases {
            guard let node = members[item.rawValue] else { continue }
            let prices = reader.members(node, of: "prices of " + item.rawValue, keys: ["out", "in"])
            outgoing[item] = reader.price(prices["out"], "out") ?? outgoing[item]
            incoming[item] = reader.price(prices["in"], "in") ?? incoming[item]
        }
    }

    /// The price of so many segments, messages or started minutes, to be known from now on; nil for what has no price.
    func price(of item: Item, isInbound: Bool, count: Int, at now: Int64) -> ResourcePrice? {
        guard let each = (isInbound ? incoming : outgoing)[item] else { return nil }
        return ResourcePrice(units: each * Int64(count), known: Clock.sum(now, delay))
    }
}

/// What a resource cost.
struct ResourcePrice {
    /// Hundred-thousandths of the currency.
    var units: Int64
    /// When the resource begins to tell, in Unix milliseconds.
    var known: Int64

    /// As the resource shows it: a negative amount with five decimals; nil before it is known.
    func text(at now: Int64) -> String? {
        guard now >= known else { return nil }
        let digits = String(units % 100_000)
        return (units == 0 ? "" : "-") + "\(units / 100_000)."
            + String(repeating: "0", count: 5 - digits.utf8.count) + digits
    }
}
