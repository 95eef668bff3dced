/// What is made of a value before it is shown.
enum TemplateFilter: Sendable, Hashable {
    case date(DateStyle)
    case time
    case money
    case upper
    case `default`(String)
    case spell

    /// How a date is written.
    enum DateStyle: String, Sendable, CaseIterable {
        case long, short, iso
    }

    static let names = ["date", "time", "money", "upper", "default", "spell"]

    /// A filter by its name; the message says what is wrong with it.
    static func named(_ name: String, argument: String?) -> Result<TemplateFilter, Problem> {
        switch (name, argument) {
        case ("date", nil): return .success(.date(.long))
        case ("date", let argument?):
            guard let style = DateStyle(rawValue: argument) else {
                return .failure(Problem(.badArgument, "the filter 'date' takes long, short or iso"))
            }
            return .success(.date(style))
        case ("default", let argument?): return .success(.default(argument))
        case ("default", nil):
            return .failure(Problem(.badArgument, "the filter 'default' needs a text: default: \"x\""))
        case ("time", nil): return .success(.time)
        case ("money", nil): return .success(.money)
        case ("upper", nil): return .success(.upper)
        case ("spell", nil): return .success(.spell)
        default:
            if names.contains(name) { return .failure(Problem(.badArgument, "the filter '\(name)' takes no argument")) }
            let known = names.joined(separator: ", ")
            return .failure(Problem(.unknownFilter, "there is no filter '\(name)'; the filters are \(known)"))
        }
    }

    /// An error that does not know its place yet.
    struct Problem: Error {
        let code: TemplateError.Code
        let message: String

        init(_ code: TemplateError.Code, _ message: String) {
            self.code = code
            self.message = message
        }
    }
}
