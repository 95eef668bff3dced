import Gateway
import Testing

@testable import Server

@Suite("What refuses new work before memory or disk runs out")
struct PressureGaugeTests {
    private static let gib: Int64 = 1 << 30
    private static let second: UInt64 = 1_000_000_000

    private func gauge() -> PressureGauge {
        var limits = CapacityLimits()
        limits.freeDisk = Self.gib
        limits.memory = Self.gib
        limits.waiting = 1_000
        limits.delay = .seconds(10)
        return PressureGauge(limits: limits, machine: nil)
    }

    private func reading(_ change: (inout PressureReading) -> Void) -> PressureReading {
        var reading = PressureReading()
        reading.freeDisk = 100 * Self.gib
        reading.memory = Self.gib / 10
        reading.log = 0
        change(&reading)
        return reading
    }

    @Test(
        "room on the disk: twice the floor, the floor, its half and its eighth",
        arguments: [(2.0, 0), (1.99, 1), (1.0, 1), (0.99, 2), (0.5, 2), (0.49, 3), (0.125, 3), (0.12, 4), (0, 4)])
    func disk(_ floors: Double, _ level: Int) {
        var gauge = gauge()
        _ = gauge.take(reading { $0.freeDisk = Int64(floors * Double(Self.gib)) }, at: Self.second)
        #expect(gauge.level(of: .disk) == level)
        #expect(gauge.level == level)
    }

    @Test(
        "memory: 80, 90, 100 and 110 percent of the limit",
        arguments: [(0.79, 0), (0.81, 1), (0.91, 2), (1.01, 3), (1.11, 4)])
    func memory(_ share: Double, _ level: Int) {
        var gauge = gauge()
        _ = gauge.take(reading { $0.memory = Int64(share * Double(Self.gib)) }, at: Self.second)
        #expect(gauge.level(of: .memory) == level)
    }

    @Test("without a limit it is three quarters of what the machine has, and none where nobody can tell")
    func machine() {
        var known = PressureGauge(limits: CapacityLimits(), machine: 4 * Self.gib)
        _ = known.take(reading { $0.memory = 3 * Self.gib }, at: Self.second)
        #expect(known.level(of: .memory) == 3)
        var unknown = PressureGauge(limits: CapacityLimits(), machine: nil)
        _ = unknown.take(reading { $0.memory = 3_000 * Self.gib }, at: Self.second)
        #expect(unknown.level == 0)
    }

    @Test(
        "requests that wait, their age, and the log of the store",
        arguments: [
            (499, 0, 0, 0), (500, 0, 0, 1), (750, 0, 0, 2), (900, 0, 0, 3), (1_000, 0, 0, 4), (0, 1_999, 0, 0),
            (0, 2_000, 0, 1), (0, 5_000, 0, 2), (0, 10_000, 0, 3), (0, 30_000, 0, 4), (0, 0, 250, 0), (0, 0, 256, 1),
            (0, 0, 512, 2), (0, 0, 1_024, 3), (0, 0, 9_999, 3),
        ])
    func queue(_ waiting: Int, _ milliseconds: Int64, _ logMiB: Int64, _ level: Int) {
        var gauge = gauge()
        let reading = reading {
            $0.waiting = waiting
            $0.delay = .milliseconds(milliseconds)
            $0.log = logMiB << 20
        }
        _ = gauge.take(reading, at: Self.second)
        #expect(gauge.level == level)
    }

    @Test("what cannot be measured refuses nothing")
    func unknown() {
        var gauge = gauge()
        #expect(gauge.take(PressureReading(), at: Self.second) == [])
        #expect(gauge.level == 0)
    }

    @Test("a level rises at once and falls after ten calm seconds, to the highest that was needed meanwhile")
    func hysteresis() {
        var gauge = gauge()
        func take(_ waiting: Int, at second: UInt64) -> [Int] {
            gauge.take(reading { $0.waiting = waiting }, at: second * Self.second).map(\.level)
        }
        #expect(take(920, at: 1) == [3])
        #expect(take(0, at: 2) == [])
        #expect(take(600, at: 5) == [])
        #expect(take(0, at: 11) == [])
        #expect(take(0, at: 12) == [1])
        // Whoever swings around a threshold is told of it once.
        for second in stride(from: UInt64(13), to: 60, by: 2) {
            #expect(take(520, at: second) == [])
            #expect(take(480, at: second + 1) == [])
        }
        #expect(take(0, at: 69) == [])
        #expect(take(0, at: 70) == [0])
        #expect(take(1_000, at: 80) == [4])
    }

    @Test("the lowest priorities are refused first, and what is critical goes on the longest")
    func priorities() {
        let pressure = Pressure(limits: gauge().limits)
        let expected: [(waiting: Int, admitted: [Priority])] = [
            (0, [.low, .normal, .high, .critical]), (500, [.normal, .high, .critical]), (750, [.high, .critical]),
            (900, [.critical]), (1_000, []),
        ]
        for (step, row) in expected.enumerated() {
            _ = pressure.take(reading { $0.waiting = row.waiting }, at: UInt64(step) * Self.second)
            #expect(Priority.allCases.filter(pressure.admits) == row.admitted)
            #expect(pressure.admitsWebhooks)
        }
        #expect(pressure.text == "waiting 4")
        #expect(pressure.problem.code == "overloaded")
        _ = pressure.take(reading { $0.waiting = 4_000 }, at: 9 * Self.second)
        #expect(!pressure.admitsWebhooks)
    }

    @Test("Retry-After is how long what waits takes to be worked off, else as long again as it has lasted")
    func retryAfter() {
        var gauge = gauge()
        func take(_ second: UInt64, _ change: (inout PressureReading) -> Void) -> Int {
            _ = gauge.take(reading(change), at: second * Self.second)
            return gauge.retryAfter(at: second * Self.second)
        }
        _ = take(1) { $0.taken = 100 }
        // 900 wait, and 100 were taken within the second.
        #expect(take(2) { ($0.waiting, $0.taken) = (900, 200) } == 9)
        #expect(take(3) { ($0.waiting, $0.taken) = (600, 500) } == 2)
        for second in 4...30 { _ = take(UInt64(second)) { _ in } }
        #expect(take(40) { $0.freeDisk = 0 } == 10)
        #expect(take(100) { $0.freeDisk = 0 } == 60)
        #expect(take(5_000) { $0.freeDisk = 0 } == 300)
    }
}
