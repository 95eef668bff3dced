/// How many of the texts that were sent over one sender to one country the provider reported on afterwards, and what
/// that says (docs/decisions/0044-receipts-are-learned.md).
struct ReceiptFigures: Equatable {
    /// Texts, before anything follows from them.
    static let enough = 100
    /// Texts that are remembered; when there are more, both figures are halved, so that old ones fade.
    static let memory = 1_000
    /// Minutes for which a text counts as young: its report may still come, and a circuit may still find that it was one
    /// of those that do not arrive. As long as the window of `ReceiptShare`.
    static let youth = ReceiptShare.window
    /// Of a share below this the receipts are weak, of one above `reliableShare` reliable; what lies between changes
    /// nothing.
    static let weakShare = 0.5
    static let reliableShare = 0.6
    /// Of a share below this there are none.
    static let absentShare = 0.1
    /// Bounds hold with 99.5% each (z of the standard normal distribution).
    private static let z = 2.576

    private(set) var sent: Int
    private(set) var reported: Int
    private(set) var quality: ReceiptQuality
    private var minutes: [Int] = Array(repeating: 0, count: Self.youth)
    private var lastMinute: Int64 = 0
    private(set) var young = 0

    /// What is known at the start. A text that was young when it was written down counts as any other.
    init(sent: Int = 0, reported: Int = 0, quality: ReceiptQuality = .reliable) {
        self.sent = max(0, sent)
        self.reported = max(0, reported)
        self.quality = quality
    }

    /// The provider says that a text was sent. Returns whether the quality changed.
    mutating func addSent(at now: Timestamp) -> Bool {
        advance(to: now)
        minutes[Self.place(of: lastMinute)] += 1
        young += 1
        return judge()
    }

    /// A report came about a text that was sent. Returns whether the quality changed.
    mutating func addReport(at now: Timestamp) -> Bool {
        advance(to: now)
        reported += 1
        return judge()
    }

    /// A circuit found that texts do not arrive: those of the last minutes say nothing of receipts.
    mutating func forgetYoung() {
        minutes = Array(repeating: 0, count: Self.youth)
        young = 0
    }

    private mutating func advance(to now: Timestamp) {
        let minute = now.milliseconds / 60_000
        // A clock that was set back counts on in the same minute.
        for passed in 0..<max(0, min(minute - lastMinute, Int64(Self.youth))) {
            let place = Self.place(of: minute - passed)
            sent += minutes[place]
            young -= minutes[place]
            minutes[place] = 0
        }
        lastMinute = max(lastMinute, minute)
        guard sent > Self.memory else { return }
        sent /= 2
        reported /= 2
    }

    private static func place(of minute: Int64) -> Int { Int(minute % Int64(youth)) }

    // MARK: the verdict

    /// Both verdicts take the figures that speak against them: of young texts a report may still come, so they do not
    /// count towards `weak`; and reports of young texts are counted, so the texts count towards `reliable`.
    private mutating func judge() -> Bool {
        guard sent >= Self.enough else { return false }
        let before = quality
        let most = Self.bound(reported, of: sent, upper: true)
        let least = Self.bound(reported, of: sent + young, upper: false)
        switch quality {
        case .reliable: if most < Self.weakShare { quality = most < Self.absentShare ? .absent : .weak }
        case .weak, .absent:
            if least > Self.reliableShare {
                quality = .reliable
            } else if most < Self.absentShare {
                quality = .absent
            } else if least > Self.absentShare {
                quality = .weak
            }
        }
        return quality != before
    }

    /// The bound of a share by Wilson's score interval.
    static func bound(_ part: Int, of whole: Int, upper: Bool) -> Double {
        let count = Double(max(1, whole))
        let share = min(1, Double(part) / count)
        let square = z * z
        let spread = z * (share * (1 - share) / count + square / (4 * count * count)).squareRoot()
        return (share + square / (2 * count) + (upper ? spread : -spread)) / (1 + square / count)
    }
}
