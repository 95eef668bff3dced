/// Why bytes are not the JSON this parser takes, and where. It never contains any of the text.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of the cause: `unexpected_end`, `unexpected_character`, `key_expected`, `colon_expected`,
    /// `comma_expected`, `trailing_data`, `bad_number`, `control_character`, `bad_escape`, `lone_surrogate`,
    /// `bad_utf8`, `duplicate_key` or `too_deep`.
    public let code: String
    /// The cause for a person.
    public let message: String
    /// The byte at fault, counted from 0.
    public let offset: Int
    /// Its line, counted from 1; LF, CR and CR LF end a line.
    public let line: Int
    /// Its column, counted from 1 in Unicode scalars.
    public let column: Int

    /// `line:column message`.
    public var description: String { "\(line):\(column) \(message)" }

    init(_ cause: Cause, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        code = cause.rawValue
        message = cause.message
        self.offset = offset
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            switch bytes[index] {
            case 0x0A where index > 0 && bytes[index - 1] == 0x0D: break
            case 0x0A, 0x0D: (line, column) = (line + 1, 1)
            case 0x80...0xBF: break
            default: column += 1
            }
        }
        self.line = line
        self.column = column
    }
}

extension JSONError {
    /// The causes; their raw values are the codes.
    enum Cause: String, CaseIterable {
        case unexpectedEnd = "unexpected_end"
        case unexpectedCharacter = "unexpected_character"
        case keyExpected = "key_expected"
        case colonExpected = "colon_expected"
        case commaExpected = "comma_expected"
        case trailingData = "trailing_data"
        case badNumber = "bad_number"
        case controlCharacter = "control_character"
        case badEscape = "bad_escape"
        case loneSurrogate = "lone_surrogate"
        case badUTF8 = "bad_utf8"
        case duplicateKey = "duplicate_key"
        case tooDeep = "too_deep"

        var message: String {
            switch self {
            case .unexpectedEnd: "the JSON ends too early"
            case .unexpectedCharacter: "a JSON value was expected here"
            case .keyExpected: "a member's name in quotes was expected here"
            case .colonExpected: "a colon was expected after the name"
            case .commaExpected: "a comma or the end was expected here"
            case .trailingData: "there is something after the JSON value"
            case .badNumber: "this is not a JSON number, or it is too large"
            case .controlCharacter: "a control character in a string must be written as an escape"
            case .badEscape: "this is not a JSON escape"
            case .loneSurrogate: "this escape is half of a surrogate pair"
            case .badUTF8: "this string is not UTF-8"
            case .duplicateKey: "this name is in the object already"
            case .tooDeep: "arrays and objects are nested too deep"
            }
        }
    }
}
