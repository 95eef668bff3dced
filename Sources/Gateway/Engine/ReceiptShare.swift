/// How many of the texts that a provider accepted were delivered in time: in the last minutes, and usually.
struct ReceiptShare {
    /// What came of texts.
    struct Count: Equatable {
        var delivered = 0
        var missed = 0

        var total: Int { delivered + missed }

        static func += (left: inout Self, right: Self) {
            left.delivered += right.delivered
            left.missed += right.missed
        }
    }

    /// The sliding window, in minutes. Longer than usual clocks: misses come later than receipts, and in a shorter one the
    /// end of a rush would be nothing but misses.
    static let window = 10
    /// Texts of a longer `deliver_within` do not count.
    static let longestClock = Duration.seconds(300)
    /// In the window, before anything follows from it.
    static let enough = 30
    /// Before the window, to know what is usual.
    static let enoughBefore = 100
    /// What is remembered of former times; twice as much is halved, so that old figures fade.
    static let memory = 4_096

    private var minutes: [Count] = Array(repeating: Count(), count: Self.window)
    private var lastMinute: Int64 = 0
    private var recent = Count()
    /// What left the window.
    private var usual = Count()

    /// Counts a text whose outcome is known now.
    mutating func add(isDelivered: Bool, at now: Timestamp) {
        advance(to: now)
        let one = Count(delivered: isDelivered ? 1 : 0, missed: isDelivered ? 0 : 1)
        minutes[Self.place(of: lastMinute)] += one
        recent += one
    }

    /// The share is far below what is usual: less than half of it, where usually most are reported.
    func hasFallen() -> Bool {
        guard recent.total >= Self.enough, usual.total >= Self.enoughBefore, usual.delivered * 10 >= usual.total * 6
        else { return false }
        return 2 * recent.delivered * usual.total < usual.delivered * recent.total
    }

    /// Forgets the last minutes; they do not become usual.
    mutating func forgetRecent() {
        minutes = Array(repeating: Count(), count: Self.window)
        recent = Count()
    }

    private mutating func advance(to now: Timestamp) {
        let minute = now.milliseconds / 60_000
        // A clock that was set back counts on in the same minute.
        for passed in 0..<max(0, min(minute - lastMinute, Int64(Self.window))) {
            leave(Self.place(of: minute - passed))
        }
        lastMinute = max(lastMinute, minute)
    }

    private mutating func leave(_ place: Int) {
        usual += minutes[place]
        recent.delivered -= minutes[place].delivered
        recent.missed -= minutes[place].missed
        minutes[place] = Count()
        guard usual.total > 2 * Self.memory else { return }
        usual = Count(delivered: usual.delivered / 2, missed: usual.missed / 2)
    }

    private static func place(of minute: Int64) -> Int { Int(minute % Int64(window)) }
}
