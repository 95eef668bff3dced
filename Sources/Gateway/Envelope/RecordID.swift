/// An identifier of 63 bits that sorts by time: 41 bits of milliseconds since 2026-01-01T00:00:00Z, 10 bits of
/// partition, 12 bits of sequence.
///
/// It is not a secret: access is by key, and tokens in URLs carry a MAC.
public struct RecordID: Hashable, Comparable, Sendable {
    /// The integer as it is stored, always positive.
    public let rawValue: Int64

    /// Wraps a stored integer; `nil` for a negative one or zero.
    public init?(rawValue: Int64) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Below every identifier of a millisecond and above all earlier ones; `nil` for a time at which there was none.
    public init?(firstAt time: Timestamp) {
        let elapsed = time.milliseconds - Self.epoch
        guard elapsed > 0, elapsed < 1 << 41 else { return nil }
        rawValue = elapsed << 22
    }

    /// 2026-01-01T00:00:00Z in milliseconds since the Unix epoch.
    public static let epoch: Int64 = 1_767_225_600_000

    /// The partition that the identifier carries, 0...1023.
    public var partition: Int { Int((rawValue >> 12) & 0x3FF) }

    /// The millisecond in which the identifier was made.
    public var time: Timestamp { Timestamp(milliseconds: (rawValue >> 22) + Self.epoch) }

    /// Earlier identifiers first.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension RecordID {
    /// What an identifier names; the raw value is the prefix of its public form.
    public enum Kind: String, Sendable, CaseIterable {
        case message = "msg"
        case delivery = "dlv"
        case attempt = "att"
        case review = "rev"
        case event = "evt"
        case key = "key"
        case inbound = "inb"
        case batch = "bat"
        case error = "err"
        case subscription = "sub"
        case media = "med"
        case task = "tsk"
        case conference = "cnf"
        case participant = "prt"
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The public form: the prefix, `_` and 13 characters of Crockford base 32, such as `msg_01f8mech0v6k2`.
    public func text(_ kind: Kind) -> String {
        var prefix = kind.rawValue
        return prefix.withUTF8 { prefix in
            String(unsafeUninitializedCapacity: prefix.count + 1 + Self.length) { out in
                let end = out.update(fromContentsOf: prefix)
                out[end] = UInt8(ascii: "_")
                write(to: out[(end + 1)...])
                return end + 1 + Self.length
            }
        }
    }

    /// The 13 characters alone, as they stand in tokens.
    public var digits: String {
        String(unsafeUninitializedCapacity: Self.length) { out in
            write(to: out[...])
            return Self.length
        }
    }

    private static let length = 13

    private func write(to out: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var out = out
        var value = UInt64(rawValue)
        Self.alphabet.withUnsafeBufferPointer { alphabet in
            for index in (out.startIndex..<out.startIndex + Self.length).reversed() {
                out[index] = alphabet[Int(value & 31)]
                value >>= 5
            }
        }
    }

    /// Reads a public form; `nil` when the prefix is another kind's or the digits are none.
    public init?(_ text: some StringProtocol, _ kind: Kind) {
        let prefix = kind.rawValue + "_"
        guard text.hasPrefix(prefix) else { return nil }
        self.init(digits: text.utf8.dropFirst(prefix.utf8.count))
    }

    /// Reads 13 characters of Crockford base 32, in either case.
    public init?(digits: some Sequence<UInt8>) {
        var value: UInt64 = 0
        var count = 0
        for byte in digits {
            count += 1
            let lower = byte >= 65 && byte <= 90 ? byte + 32 : byte
            guard count <= 13, let digit = Self.value(ofDigit: lower), value < 1 << 58 else { return nil }
            value = value << 5 | digit
        }
        guard count == 13, value <= UInt64(Int64.max), value > 0 else { return nil }
        self.rawValue = Int64(value)
    }

    /// The place of a lower-case digit in the alphabet, which leaves out i, l, o and u.
    private static func value(ofDigit digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - 0x30)
        case UInt8(ascii: "a")...UInt8(ascii: "h"): UInt64(digit - 0x61) + 10
        case UInt8(ascii: "j"), UInt8(ascii: "k"): UInt64(digit - 0x6A) + 18
        case UInt8(ascii: "m"), UInt8(ascii: "n"): UInt64(digit - 0x6D) + 20
        case UInt8(ascii: "p")...UInt8(ascii: "t"): UInt64(digit - 0x70) + 22
        case UInt8(ascii: "v")...UInt8(ascii: "z"): UInt64(digit - 0x76) + 27
        default: nil
        }
    }
}

/// Makes identifiers in rising order, also when the clock stands still or goes back.
public struct RecordIDGenerator: Sendable {
    /// Who makes identifiers. Both do at the same time, and the last bit keeps them apart.
    public enum Source: Int64, Sendable, Hashable {
        /// The side that accepts requests: messages and their deliveries.
        case requests = 0
        /// The engine: reviews, what comes in, deliveries that follow others.
        case engine = 1
    }

    private let source: Source
    /// The millisecond of the last identifier since the epoch.
    private var last: Int64
    /// How many were made in it before.
    private var sequence: Int64 = 0

    /// Starts behind `highest`, the greatest identifier in the store, so that a clock set back repeats none.
    public init(after highest: RecordID? = nil, for source: Source = .requests) {
        self.source = source
        // The millisecond after it: nobody knows how many of its own were made.
        last = highest.map { ($0.rawValue >> 22) + 1 } ?? 0
    }

    /// The next identifier of `partition` (0...1023). A 2,049th one within a millisecond borrows from the next.
    public mutating func next(at now: Timestamp, partition: Int = 0) -> RecordID {
        let milliseconds = max(1, now.milliseconds - RecordID.epoch)
        if milliseconds > last {
            last = milliseconds
            sequence = 0
        } else {
            sequence += 1
            if sequence > 0x7FF {
                last += 1
                sequence = 0
            }
        }
        let low = sequence << 1 | source.rawValue
        let raw = (last & 0x1FF_FFFF_FFFF) << 22 | Int64(partition & 0x3FF) << 12 | low
        // `last` is at least 1, so the value is positive.
        return RecordID(rawValue: raw) ?? RecordID.first
    }
}

extension RecordID {
    private init(unchecked rawValue: Int64) { self.rawValue = rawValue }
    fileprivate static let first = RecordID(unchecked: 1)
}
