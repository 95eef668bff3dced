import Gateway

/// What can run out.
public enum PressureResource: String, Sendable, Hashable, CaseIterable {
    /// Room in the store's file system.
    case disk
    /// The memory of the process.
    case memory
    /// The store's write-ahead log, which grows while it cannot be written back.
    case log
    /// Requests that wait for the engine.
    case waiting
    /// How long the oldest of them has waited.
    case delay
}

/// What was measured at one moment. What cannot be measured is `nil` and refuses nothing.
public struct PressureReading: Sendable, Hashable {
    /// Bytes that are free in the store's file system.
    public var freeDisk: Int64?
    /// Bytes of memory that the process has.
    public var memory: Int64?
    /// Bytes of the store's write-ahead log.
    public var log: Int64?
    /// Requests that wait for the engine.
    public var waiting = 0
    /// How long the oldest of them has waited.
    public var delay = Duration.zero
    /// Requests that the engine has taken since its start.
    public var taken = 0

    /// Nothing was measured.
    public init() {}
}

/// A resource's level changed.
public struct PressureChange: Sendable, Hashable {
    /// Which one.
    public var resource: PressureResource
    /// 0 for none to 4; at level n the n lowest priorities are refused.
    public var level: Int
}

/// Turns measurements into levels of pressure: 0 refuses nothing, 1 what is low and batches, 2 what is normal too, 3 all but
/// what is critical, 4 everything new. Webhooks, reading and cancelling go on at every level.
///
/// A level rises at once and falls when a lower one was enough for ten seconds, so that it does not flap.
struct PressureGauge: Sendable {
    /// How long a lower level must have been enough.
    static let calm: UInt64 = 10_000_000_000
    /// The log grows beyond some 8 MiB only while a reader holds it up; this is as long as it may become.
    static let logLimit: Int64 = 1 << 30
    /// Seconds of `Retry-After`.
    static let retryRange = 1...300

    private struct Standing {
        var level = 0
        /// When it rose from 0.
        var since: UInt64 = 0
        /// Since when a lower level would do, and the highest that was needed meanwhile.
        var calm: (since: UInt64, level: Int)?
    }

    var limits: CapacityLimits
    /// Bytes of memory that are allowed unless a limit says otherwise; `nil` for any.
    private let memory: Int64?
    private var standings = [Standing](repeating: Standing(), count: PressureResource.allCases.count)
    private var last: (time: UInt64, reading: PressureReading)?
    /// Requests that the engine takes in a second.
    private var pace = 0.0

    /// - Parameter machine: bytes of memory that the process could have; `nil` when it cannot be told.
    init(limits: CapacityLimits, machine: Int64?) {
        self.limits = limits
        memory = machine.map { $0 / 4 * 3 }
    }

    /// The highest level of any resource.
    var level: Int { standings.reduce(0) { max($0, $1.level) } }

    /// The level of a resource.
    func level(of resource: PressureResource) -> Int { standings[Self.index(resource)].level }

    private static func index(_ resource: PressureResource) -> Int {
        PressureResource.allCases.firstIndex(of: resource) ?? 0
    }

    /// So much waits that webhooks are refused too; who sends them comes again.
    var isFlooded: Bool { (last?.reading.waiting ?? 0) >= 4 * limits.waiting }

    /// Takes a measurement.
    /// - Parameter now: nanoseconds that never go back.
    /// - Returns: what changed.
    mutating func take(_ reading: PressureReading, at now: UInt64) -> [PressureChange] {
        if let last, now > last.time {
            pace = Double(reading.taken - last.reading.taken) / (Double(now - last.time) / 1e9)
        }
        last = (now, reading)
        return PressureResource.allCases.enumerated().compactMap { index, resource in
            let needed = needed(resource, reading)
            return move(index, to: needed, now)
                ? PressureChange(resource: resource, level: standings[index].level) : nil
        }
    }

    /// Whether the level of a resource changed.
    private mutating func move(_ index: Int, to needed: Int, _ now: UInt64) -> Bool {
        let level = standings[index].level
        if needed >= level {
            if level == 0 { standings[index].since = now }
            standings[index].level = needed
            standings[index].calm = nil
            return needed > level
        }
        let calm = standings[index].calm ?? (now, 0)
        standings[index].calm = (calm.since, max(calm.level, needed))
        guard now - calm.since >= Self.calm else { return false }
        standings[index].level = max(calm.level, needed)
        standings[index].calm = nil
        return true
    }

    // MARK: thresholds

    private func needed(_ resource: PressureResource, _ reading: PressureReading) -> Int {
        switch resource {
        case .disk: Self.step(reading.freeDisk, below: limits.freeDisk)
        case .memory: Self.step(reading.memory, limits.memory ?? memory, percent: [80, 90, 100, 110])
        case .log: Self.step(reading.log, Self.logLimit, percent: [25, 50, 100])
        case .waiting: Self.step(Int64(reading.waiting), Int64(limits.waiting), percent: [50, 75, 90, 100])
        case .delay: Self.step(reading.delay.milliseconds, limits.delay.milliseconds, percent: [20, 50, 100, 300])
        }
    }

    /// How many of the shares of a limit are reached.
    private static func step(_ value: Int64?, _ limit: Int64?, percent: [Double]) -> Int {
        guard let value, let limit else { return 0 }
        return percent.count { Double(value) * 100 >= Double(limit) * $0 }
    }

    /// The same for something that runs low: twice the floor, the floor, its half, its eighth.
    private static func step(_ free: Int64?, below floor: Int64) -> Int {
        guard let free else { return 0 }
        return [free / 2 < floor, free < floor, free < floor / 2, free < floor / 8].count { $0 }
    }

    // MARK: when to come again

    /// Seconds after which it may be worth trying again. What waits is drained at the pace of the last measurement; of
    /// everything else nobody knows, so it is tried after as long again as it has lasted.
    func retryAfter(at now: UInt64) -> Int {
        var seconds = Self.retryRange.lowerBound
        for (index, resource) in PressureResource.allCases.enumerated() where standings[index].level > 0 {
            let lasted = Int((now - min(now, standings[index].since)) / 1_000_000_000)
            let own =
                switch resource {
                case .waiting: pace > 0 ? Int((Double(last?.reading.waiting ?? 0) / pace).rounded(.up)) : lasted
                case .delay: Int(last?.reading.delay.components.seconds ?? 0) + 1
                case .disk, .memory, .log: max(lasted, Int(Self.calm / 1_000_000_000))
                }
            seconds = max(seconds, own)
        }
        return min(seconds, Self.retryRange.upperBound)
    }
}
