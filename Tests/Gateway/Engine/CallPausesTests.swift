import Testing

@testable import Gateway

@Suite("distances between calls")
struct CallPausesTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)
    private static let number = "+41791112233"

    @Test("a call waits from the end of the last one with its number, as long as its own policy says")
    func waits() {
        var pauses = CallPauses()
        pauses.ended(Self.number, at: Self.start)
        let now = Self.start + .seconds(10)
        #expect(pauses.opening(Self.number, after: .seconds(60), at: now) == Self.start + .seconds(60))
        #expect(pauses.opening(Self.number, after: .seconds(600), at: now) == Self.start + .seconds(600))
        #expect(pauses.opening(Self.number, after: .zero, at: now) == nil)
        #expect(pauses.opening("+41791112234", after: .seconds(60), at: now) == nil)
        #expect(pauses.opening(Self.number, after: .seconds(60), at: Self.start + .seconds(60)) == nil)
        pauses.ended(Self.number, at: now)
        #expect(pauses.opening(Self.number, after: .seconds(60), at: now) == now + .seconds(60))
    }

    @Test("the end of a call that is still to come belongs to another clock, and holds nobody up")
    func setBack() {
        var pauses = CallPauses()
        pauses.ended(Self.number, at: Self.start)
        #expect(pauses.opening(Self.number, after: .seconds(60), at: Self.start + .seconds(-1)) == nil)
    }

    @Test("those who wait are woken once, when the first of them may go")
    func opened() {
        var pauses = CallPauses()
        #expect(pauses.nextOpening == nil)
        pauses.await("b", until: Self.start + .seconds(20))
        pauses.await("a", until: Self.start + .seconds(20))
        pauses.await("a", until: Self.start + .seconds(10))
        pauses.await("a", until: Self.start + .seconds(30))
        #expect(pauses.nextOpening == Self.start + .seconds(10))
        #expect(pauses.opened(at: Self.start + .seconds(9)).isEmpty)
        #expect(pauses.opened(at: Self.start + .seconds(10)) == ["a"])
        #expect(pauses.opened(at: Self.start + .seconds(10)).isEmpty)
        #expect(pauses.opened(at: Self.start + .seconds(50)) == ["b"])
        #expect(pauses.nextOpening == nil)
    }

    @Test("an end is forgotten when no policy can ask for it any more, unless the number was called since")
    func forgotten() {
        var pauses = CallPauses()
        pauses.ended("a", at: Self.start)
        pauses.ended("b", at: Self.start)
        pauses.ended("b", at: Self.start + .seconds(1_800))
        pauses.ended("c", at: Self.start + CallPauses.longest)
        let before = Self.start + .seconds(1)
        #expect(pauses.opening("a", after: CallPauses.longest, at: before) == nil)
        let now = Self.start + CallPauses.longest
        #expect(pauses.opening("b", after: CallPauses.longest, at: now) == now + .seconds(1_800))
    }
}
