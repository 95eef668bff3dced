/// Circuits that open when the texts of a provider to a country stop to arrive although it accepts them.
struct ReceiptCircuits {
    /// What fails together: texts of a kind over one provider to one country.
    struct Route: Hashable {
        var provider: String
        var kind: ChannelKind
        /// ISO 3166 alpha-2.
        var country: String
    }

    /// What became of a text that the provider had accepted.
    struct Sample {
        var route: Route
        var delivery: RecordID
        var isDelivered: Bool
    }

    /// A circuit that is not closed.
    struct Trouble: Equatable {
        enum State: Equatable {
            case open(until: Timestamp)
            /// One text may go.
            case halfOpen
            /// It went; its outcome is awaited that long.
            case probing(RecordID, until: Timestamp)
        }

        var route: Route
        var state: State
        var pause: Duration
    }

    static let firstPause = Duration.seconds(300)
    static let longestPause = Duration.seconds(3_600)

    private var shares: [Route: ReceiptShare] = [:]
    /// In the order in which they opened; mostly none.
    private(set) var troubles: [Trouble] = []

    /// Takes the samples of a committed turn. Returns what opened and closed.
    mutating func take(_ samples: [Sample], at now: Timestamp) -> [(route: Route, isOpen: Bool)] {
        var news: [(Route, Bool)] = []
        for sample in samples {
            if let index = index(of: sample.route) {
                if judge(index, by: sample, at: now) { news.append((sample.route, false)) }
                continue
            }
            shares[sample.route, default: ReceiptShare()].add(isDelivered: sample.isDelivered, at: now)
            guard shares[sample.route]?.hasFallen() == true else { continue }
            shares[sample.route]?.forgetRecent()
            let pause = Self.firstPause
            troubles.append(Trouble(route: sample.route, state: .open(until: now + pause), pause: pause))
            news.append((sample.route, true))
        }
        return news
    }

    /// Only the probe counts: what went before the circuit opened says nothing new. Returns whether the circuit closed.
    private mutating func judge(_ index: Int, by sample: Sample, at now: Timestamp) -> Bool {
        guard case .probing(sample.delivery, _) = troubles[index].state else { return false }
        guard !sample.isDelivered else {
            troubles.remove(at: index)
            return true
        }
        let pause = min(Self.longestPause, troubles[index].pause * 2)
        troubles[index].pause = pause
        troubles[index].state = .open(until: now + pause)
        return false
    }

    private func index(of route: Route) -> Int? { troubles.firstIndex { $0.route == route } }

    /// Whether a text to the route must wait.
    func holds(_ route: Route) -> Bool {
        guard let index = index(of: route) else { return false }
        return troubles[index].state != .halfOpen
    }

    /// Whether a route's circuit is not closed.
    func isTroubled(_ route: Route) -> Bool { index(of: route) != nil }

    /// A text leaves; it probes where one may.
    mutating func sent(_ delivery: RecordID, _ route: Route, until: Timestamp) {
        guard let index = index(of: route), troubles[index].state == .halfOpen else { return }
        troubles[index].state = .probing(delivery, until: until)
    }

    /// Pauses that are over, and probes of which nothing was heard. Returns the routes over which one text may go now.
    mutating func halfOpen(at now: Timestamp) -> [Route] {
        var routes: [Route] = []
        for index in troubles.indices {
            guard let until = Self.end(of: troubles[index].state), until <= now else { continue }
            troubles[index].state = .halfOpen
            routes.append(troubles[index].route)
        }
        return routes
    }

    /// When the next one is half open.
    var nextEnd: Timestamp? { troubles.compactMap { Self.end(of: $0.state) }.min() }

    private static func end(of state: Trouble.State) -> Timestamp? {
        switch state {
        case .open(let until), .probing(_, let until): until
        case .halfOpen: nil
        }
    }

    /// A failed commit takes back what the turn did; samples are taken after commits only.
    mutating func restore(_ troubles: [Trouble]) { self.troubles = troubles }
}
