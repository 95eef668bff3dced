// Time zones: TZif files (RFC 9636) and the POSIX rules in their footers. Whatever is accepted answers for every
// instant, wall clocks lead back to the instants that they came from, and offsets stay in the range of the RFC.
@testable import Zones

/// Called by libFuzzer with each input: which reader, then instants to ask for, then the file or the rule.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzZones(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let isRule = input.byte() & 1 == 1
    let seconds = input.integer()
    let instants = [seconds, seconds % 10_000_000_000, 0, .min, .max, 1_795_000_000]
    if isRule {
        guard let rule = PosixZone(parsing: input.rest) else { return 0 }
        for instant in instants {
            let kind = rule.kind(at: instant)
            expect((-25 * 3600...26 * 3600).contains(kind.offset), "offset \(kind.offset)")
            expect(rule.daylight != nil || kind == rule.standard, "daylight saving time without a rule")
        }
        checkYear(rule, around: seconds % 100_000_000_000)
        for instant in instants {
            guard let until = rule.steadyUntil(from: instant) else { continue }
            expect(until > instant, "steady until \(until), which is not after \(instant)")
            for place in [instant, instant / 2 + until / 2, until - 1] where (instant..<until).contains(place) {
                expect(rule.kind(at: place) == rule.kind(at: instant), "the clocks change at \(place)")
            }
        }
    } else if let zone = try? Zone(name: "Fuzz/Zone", tzif: input.rest) {
        for instant in instants { check(zone, instant) }
    }
    return 0
}

private func check(_ zone: Zone, _ instant: Int64) {
    expect((-90_000...93_600).contains(zone.offset(at: instant)), "offset \(zone.offset(at: instant))")
    _ = (zone.abbreviation(at: instant), zone.isDaylight(at: instant))
    let local = zone.local(instant)
    let clamped = min(max(instant, DateText.earliest / 1000), DateText.latest / 1000)
    expect(local.clockSeconds == Int(clamped) + zone.offset(at: clamped), "the wall clock shows another time")
    switch zone.instants(of: local) {
    case .one(let found): expect(shows(zone, found, local), "\(found) does not show the time")
    case .overlap(let earlier, let later):
        let bothShow = shows(zone, earlier, local) && shows(zone, later, local)
        expect(earlier < later && bothShow, "\(earlier) or \(later) does not show the time")
    case .gap: break
    }
    _ = zone.goesOn(like: zone)
    guard let until = zone.steadyUntil(from: instant) else { return }
    expect(until > instant, "steady until \(until), which is not after \(instant)")
    expect(zone.offset(at: until - 1) == zone.offset(at: instant), "the clocks change before \(until)")
}

private func shows(_ zone: Zone, _ instant: Int64, _ local: LocalTime) -> Bool {
    Int64(local.clockSeconds) == instant + Int64(zone.offset(at: instant))
}

/// Day by day through a year: no other kinds than the two appear.
private func checkYear(_ rule: PosixZone, around seconds: Int64) {
    for day in Int64(0)..<366 {
        let kind = rule.kind(at: seconds + day * 86_400)
        expect(kind == rule.standard || kind == rule.daylight, "a kind that the rule does not have")
    }
}
