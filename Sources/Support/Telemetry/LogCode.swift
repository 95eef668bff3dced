/// A short name that may appear in a log: an error's code, or the name of a channel, a policy or a rule's outcome.
///
/// It is the one way for a name that is not a literal to get into a log line, and therefore narrow: a letter, then
/// letters, digits, `_`, `-` and `.`, at most 64 in all, and no more than six digits in a row, so that neither a sentence nor
/// a telephone number fits. A provider's numeric codes pass as `LogValue.int`.
public struct LogCode: Sendable, Hashable {
    /// The name.
    public let text: String

    /// A name written in the program.
    public init(_ literal: StaticString) {
        text = literal.description
    }

    /// A name that comes from elsewhere, such as the configuration; `invalid` where it does not fit.
    public init(checking name: String) {
        text = LogCode.fits(name.utf8) ? name : "invalid"
    }

    private static func fits(_ name: String.UTF8View) -> Bool {
        guard let first = name.first, isLetter(first), name.count <= 64 else { return false }
        var digits = 0
        for byte in name {
            let isDigit = (48...57).contains(byte)
            digits = isDigit ? digits + 1 : 0
            guard digits <= 6, isDigit || isLetter(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2E else {
                return false
            }
        }
        return true
    }
}

extension LogCode: ExpressibleByStringLiteral {
    /// A name written in the program.
    public init(stringLiteral literal: StaticString) {
        self.init(literal)
    }
}

func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
