/// A time zone of the tz database, such as `Europe/Zurich`, read from its TZif file.
public struct Zone: Sendable, Hashable {
    /// Where Debian's tzdata has the zones.
    public static let systemFolder = "/usr/share/zoneinfo"
    /// Coordinated Universal Time; needs no file.
    public static let utc = Zone(name: "UTC", rules: .utc)

    /// The name by which it was asked for.
    public let name: String
    let rules: ZoneRules

    private init(name: String, rules: ZoneRules) {
        self.name = name
        self.rules = rules
    }

    /// Reads a zone. `UTC` needs no file.
    /// - Parameters:
    ///   - name: A name of the tz database. One that would lead out of the folder is unknown.
    ///   - folder: Where the zones are.
    public init(named name: String, folder: String = Zone.systemFolder) throws(ZoneError) {
        if name == "UTC" {
            self = .utc
            return
        }
        guard ZoneFile.isSafe(name), let bytes = ZoneFile.read(folder + "/" + name) else {
            throw ZoneError(.unknownZone, name, "there is no time zone of this name; one is called Europe/Zurich")
        }
        try self.init(name: name, tzif: bytes)
    }

    /// Reads a zone from the contents of a TZif file (RFC 9636).
    public init(name: String, tzif bytes: [UInt8]) throws(ZoneError) {
        guard let rules = TZifReader.rules(in: bytes) else {
            throw ZoneError(.damagedZone, name, "the file of this time zone is damaged")
        }
        self.init(name: name, rules: rules)
    }

    /// How many seconds the clocks are ahead of UTC at an instant; west of Greenwich it is negative.
    public func offset(at unixSeconds: Int64) -> Int { rules.kind(at: unixSeconds).offset }

    /// What the time is called at an instant, such as `CEST`.
    public func abbreviation(at unixSeconds: Int64) -> String { rules.kind(at: unixSeconds).abbreviation }

    /// Whether daylight saving time holds at an instant.
    public func isDaylight(at unixSeconds: Int64) -> Bool { rules.kind(at: unixSeconds).isDaylight }

    /// What the clocks show at an instant. Clamped to the years 0000–9999.
    public func local(_ unixSeconds: Int64) -> LocalTime {
        let clamped = min(max(unixSeconds, DateText.earliest / 1000), DateText.latest / 1000)
        return LocalTime(clockSeconds: Int(clamped) + offset(at: clamped))
    }

    /// When the clocks show a time.
    public func instants(of local: LocalTime) -> LocalInstants {
        let clock = Int64(local.clockSeconds)
        // No clock is further than 26 hours from UTC, and none changes twice within that span.
        let before = offset(at: clock - 93_600)
        let after = offset(at: clock + 93_600)
        let candidates = [before, after].map { clock - Int64($0) }.filter { candidate in
            candidate + Int64(offset(at: candidate)) == clock
        }
        guard let earlier = candidates.min(), let later = candidates.max() else {
            return .gap(after: change(from: clock - 93_600, to: clock + 93_600))
        }
        return earlier == later ? .one(earlier) : .overlap(earlier: earlier, later: later)
    }

    /// When the clocks show a time: the earlier instant where they show it twice, and the first instant after the gap where
    /// they never show it.
    public func instant(of local: LocalTime) -> Int64 {
        switch instants(of: local) {
        case .one(let instant), .gap(after: let instant), .overlap(earlier: let instant, later: _): instant
        }
    }

    /// The first instant of what holds at `last`, given that the clocks change once in between.
    private func change(from first: Int64, to last: Int64) -> Int64 {
        var low = first
        var high = last
        let target = offset(at: last)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == target { high = middle } else { low = middle }
        }
        return high
    }
}
