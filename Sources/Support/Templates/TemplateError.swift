/// Why a template cannot be read or rendered.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong; the raw value is stable.
    public enum Code: String, Sendable {
        /// `{{` without `}}`.
        case unclosed = "template_unclosed"
        /// What stands between the braces is not `path | filter: argument`.
        case malformed = "template_malformed"
        /// There is no such filter.
        case unknownFilter = "template_unknown_filter"
        /// A filter has an argument that it does not take, or lacks one.
        case badArgument = "template_bad_argument"
        /// The template is longer than `Template.longest`.
        case tooLong = "template_too_long"
        /// There is no value for a path, and no default.
        case missingVariable = "template_missing_variable"
        /// A value cannot be what a filter makes of it, such as a date of `soon`.
        case unfitValue = "template_unfit_value"
    }

    /// What is wrong.
    public let code: Code
    /// What is wrong and what to do, for a person; names paths and filters, never a value.
    public let message: String
    /// The path that it is about; nil if it is about none.
    public let path: String?
    /// The byte of the template at which it went wrong, from 0.
    public let offset: Int
    /// The line of that byte, from 1.
    public let line: Int
    /// The column of that byte in characters, from 1.
    public let column: Int

    /// The message and its place.
    public var description: String { "\(line):\(column): \(message)" }

    init(_ code: Code, _ message: String, path: String? = nil, at offset: Int, in text: String) {
        self.code = code
        self.message = message
        self.path = path
        self.offset = offset
        let before = text.utf8.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { before.index(after: $0) } ?? before.startIndex
        line = before.count { $0 == 0x0A } + 1
        column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
    }
}
