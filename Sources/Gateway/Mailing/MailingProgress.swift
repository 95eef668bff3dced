/// How far a mailing is: what its parts came to, and where the deliveries are that they began with. Rounds, other people
/// and follow-ups of those are not counted.
public struct MailingProgress: Sendable, Hashable {
    /// How many recipients were handed in.
    public var recipients: Int
    /// In how many parts they are stored.
    public var parts: Int
    /// Parts that became messages, from the first on.
    public var worked = 0
    /// No further part becomes messages, and what has not ended is cancelled.
    public var isCancelled = false
    /// Parts whose deliveries were cancelled, from the first on.
    public var recalled = 0
    /// Recipients to whom a message goes.
    public var accepted = 0
    /// Recipients to whom none goes, by the reason's code.
    public var rejections: [String: Int] = [:]
    private var deliveries = [Int](repeating: 0, count: DeliveryPhase.allCases.count)

    /// A mailing of which nothing has become a message.
    public init(recipients: Int, parts: Int) {
        self.recipients = recipients
        self.parts = parts
    }

    /// Recipients to whom no message goes.
    public var rejected: Int { rejections.values.reduce(0, +) }

    /// Recipients of whom nothing is decided; where it is cancelled, nothing will be.
    public var waiting: Int { recipients - accepted - rejected }

    /// Parts are left to become messages, or to be cancelled.
    public var hasWork: Bool { isCancelled ? recalled < worked : worked < parts }

    /// Something will change without a late report.
    public var isOpen: Bool { hasWork || self[.scheduled] > 0 || self[.active] > 0 }

    /// How many deliveries are in a phase.
    public subscript(phase: DeliveryPhase) -> Int { deliveries[Int(phase.rawValue)] }

    /// A delivery went from one phase to another; `nil` for one that is new.
    mutating func move(from before: DeliveryPhase?, to after: DeliveryPhase) {
        if let before { deliveries[Int(before.rawValue)] -= 1 }
        deliveries[Int(after.rawValue)] += 1
    }

    // MARK: the stored form

    private static let version: UInt8 = 1

    /// `mailing_progress.blob`.
    public var encoded: [UInt8] {
        var out = ByteWriter()
        out.byte(Self.version)
        out.bool(isCancelled)
        for count in [recipients, parts, worked, recalled, accepted] { Self.write(count, &out) }
        out.unsigned(UInt64(rejections.count))
        for (code, count) in rejections.sorted(by: { $0.key < $1.key }) {
            out.text(code)
            Self.write(count, &out)
        }
        out.unsigned(UInt64(deliveries.count))
        for count in deliveries { Self.write(count, &out) }
        return out.bytes
    }

    private static func write(_ count: Int, _ out: inout ByteWriter) { out.unsigned(UInt64(max(0, count))) }

    /// Reads `mailing_progress.blob`; throws `corrupt` for bytes that are none.
    public init(_ bytes: [UInt8]) throws(StoreError) {
        var reader = ByteReader(bytes)
        guard try reader.byte() == Self.version else { throw ByteReader.damaged }
        let isCancelled = try reader.bool()
        self.init(recipients: try reader.count(Self.counts), parts: try reader.count(Self.counts))
        self.isCancelled = isCancelled
        worked = try reader.count(Self.counts)
        recalled = try reader.count(Self.counts)
        accepted = try reader.count(Self.counts)
        for _ in 0..<(try reader.count(0...1_000)) {
            let code = try reader.text()
            rejections[code] = try reader.count(Self.counts)
        }
        for phase in 0..<(try reader.count(0...deliveries.count)) {
            deliveries[phase] = try reader.count(Self.counts)
        }
        guard reader.isAtEnd else { throw ByteReader.damaged }
    }

    /// Sums of a few of these are integers too.
    private static let counts = 0...Int(Int32.max)
}
