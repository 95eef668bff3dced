/// Reads the parts of a date text from left to right.
struct DateScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        // No date is longer; what follows is seen as something left over.
        bytes = Array(text.utf8.prefix(128))
    }

    func malformed(_ expected: String) -> DateTextError {
        DateTextError(code: .malformedDate, offset: position, message: "expected \(expected)")
    }

    func impossible(_ message: String) -> DateTextError {
        DateTextError(code: .impossibleDate, offset: 0, message: message)
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    mutating func literal(_ character: Unicode.Scalar) throws(DateTextError) {
        guard take(character) else { throw malformed("'\(character)'") }
    }

    mutating func blanks() {
        while take(" ") || take("\t") {}
    }

    mutating func end() throws(DateTextError) {
        guard position == bytes.count else { throw malformed("the end of the date") }
    }

    mutating func number(digits: ClosedRange<Int>, _ expected: String) throws(DateTextError) -> Int {
        var value = 0
        var count = 0
        while count < digits.upperBound, let digit = digit() {
            value = value * 10 + digit
            count += 1
        }
        guard count >= digits.lowerBound else { throw malformed(expected) }
        return value
    }

    mutating func clock(secondsRequired: Bool) throws(DateTextError) -> (hour: Int, minute: Int, second: Int) {
        let hour = try number(digits: 2...2, "an hour of two digits")
        try literal(":")
        let minute = try number(digits: 2...2, "minutes of two digits")
        guard take(":") else {
            if secondsRequired { throw malformed("':' and seconds") }
            return (hour, minute, 0)
        }
        return (hour, minute, try number(digits: 2...2, "seconds of two digits"))
    }

    /// The milliseconds of a fraction, if there is one.
    mutating func fraction() throws(DateTextError) -> Int {
        guard take(".") else { return 0 }
        var milliseconds = 0
        var count = 0
        while let digit = digit() {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
        }
        guard count > 0 else { throw malformed("digits after the point") }
        for _ in min(count, 3)..<3 { milliseconds *= 10 }
        return milliseconds
    }

    /// The seconds east of Greenwich that `+01:00` or `+0100` means.
    mutating func offset(separator: Unicode.Scalar?) throws(DateTextError) -> Int {
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { throw malformed("'+' or '-' and an offset") }
        let hours = try number(digits: 2...2, "hours of the offset")
        if let separator { try literal(separator) }
        let minutes = try number(digits: 2...2, "minutes of the offset")
        guard hours < 24, minutes < 60 else { throw impossible("there is no such offset") }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// The index of the name that stands here, in whatever case.
    mutating func name(of names: [String]) -> Int? {
        for (index, name) in names.enumerated() where matches(name) {
            position += name.utf8.count
            return index
        }
        return nil
    }

    private func matches(_ name: String) -> Bool {
        let end = position + name.utf8.count
        guard end <= bytes.count else { return false }
        return zip(bytes[position..<end], name.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }

    private mutating func digit() -> Int? {
        guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
        position += 1
        return Int(bytes[position - 1]) - 48
    }
}
