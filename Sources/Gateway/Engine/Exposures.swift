/// How often each number was called and written to, as far as `per_person:` must know: of each kind the newest, as many
/// as the limit. In memory, rebuilt from the store's marks.
///
/// A mark's scope is the kind and a place among so many, so that the store keeps no more of a number than its limit.
struct Exposures {
    /// One request that may have reached the person.
    struct Exposure: Equatable {
        var intrusiveness: Intrusiveness
        var place: Int
        var at: Timestamp
        /// Which attempt it was; `nil` after a restart, when nobody can learn any more that it was refused.
        var attempt: AttemptReference?
    }

    /// What the running configuration allows.
    var limits = ExposureLimits()
    private var seen: [String: [Exposure]] = [:]
    /// What the running turn changed, as it was before.
    private var undo: [(number: String, exposures: [Exposure]?)] = []
    /// How many numbers there may be before those are forgotten of which nothing counts any more.
    private var sweepAt = 4_096

    /// A turn begins.
    mutating func begin() { if !undo.isEmpty { undo.removeAll(keepingCapacity: true) } }

    /// The running turn's commit failed.
    mutating func rollBack() {
        for (number, exposures) in undo.reversed() { seen[number] = exposures }
        undo.removeAll()
    }

    /// Whether the number had as many as it may at a time.
    func isFull(_ number: String, _ intrusiveness: Intrusiveness, at now: Timestamp) -> Bool {
        guard let allowance = limits.allowance(intrusiveness), let exposures = seen[number] else { return false }
        let counting = exposures.count { $0.intrusiveness == intrusiveness && $0.counts(allowance, at: now) }
        return counting >= allowance.count
    }

    /// One more. Returns what the store keeps of it; `nil` where nothing is limited.
    mutating func add(
        _ number: String, _ intrusiveness: Intrusiveness, _ attempt: AttemptReference, at now: Timestamp
    ) -> AddressMark? {
        guard let allowance = limits.allowance(intrusiveness) else { return nil }
        var exposures = seen[number] ?? []
        undo.append((number, seen[number]))
        let own = exposures.filter { $0.intrusiveness == intrusiveness }
        let place = Self.place(among: own, allowance, at: now)
        exposures.removeAll { $0.intrusiveness == intrusiveness && $0.place == place }
        exposures.append(Exposure(intrusiveness: intrusiveness, place: place, at: now, attempt: attempt))
        if seen[number] == nil { sweep(now) }
        seen[number] = exposures
        return Self.mark(number, intrusiveness, place, at: now, until: now + allowance.window)
    }

    /// The first place that is free or counts no more, else that of the oldest: what exceeds the limit goes there.
    private static func place(among own: [Exposure], _ allowance: Allowance, at now: Timestamp) -> Int {
        let taken = Set(own.filter { $0.counts(allowance, at: now) }.map(\.place))
        if let free = (0..<allowance.count).first(where: { !taken.contains($0) }) { return free }
        return own.min { $0.at < $1.at }?.place ?? 0
    }

    /// What surely was not processed reached nobody. Returns what removes it from the store.
    mutating func remove(_ number: String, _ attempt: AttemptReference, at now: Timestamp) -> AddressMark? {
        guard let index = seen[number]?.firstIndex(where: { $0.attempt == attempt }) else { return nil }
        undo.append((number, seen[number]))
        guard let gone = seen[number]?.remove(at: index) else { return nil }
        return Self.mark(number, gone.intrusiveness, gone.place, at: now, until: now)
    }

    /// Takes a mark of the store.
    mutating func learn(_ mark: AddressMark) {
        let parts = mark.scope.split(separator: ":")
        guard parts.count == 2, let place = Int(parts[1]),
            let intrusiveness = Intrusiveness.allCases.first(where: { Self.word($0) == parts[0] })
        else { return }
        seen[mark.number, default: []].append(
            Exposure(intrusiveness: intrusiveness, place: place, at: mark.at, attempt: nil))
    }

    private static func mark(
        _ number: String, _ intrusiveness: Intrusiveness, _ place: Int, at: Timestamp, until: Timestamp
    ) -> AddressMark {
        AddressMark(
            number: number, kind: .exposed, scope: word(intrusiveness) + ":" + String(place), at: at, until: until)
    }

    private static func word(_ intrusiveness: Intrusiveness) -> String {
        intrusiveness == .call ? "calls" : "texts"
    }

    /// Forgets numbers whose exposures are all past every window.
    private mutating func sweep(_ now: Timestamp) {
        guard seen.count >= sweepAt else { return }
        let longest = Duration.seconds(86_400)
        seen = seen.filter { $0.value.contains { $0.at + longest > now } }
        sweepAt = max(4_096, 2 * seen.count)
    }
}

extension Exposures.Exposure {
    fileprivate func counts(_ allowance: Allowance, at now: Timestamp) -> Bool { at + allowance.window > now }
}
