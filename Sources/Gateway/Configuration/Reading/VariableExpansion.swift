/// Replaces `${VAR}`, `${VAR:-default}` and `${VAR:?message}` in a value. `$${` stands for a literal `${`; any other
/// dollar sign stays as it is. What is put in is not looked at again.
struct VariableExpansion {
    /// Where a value came from.
    enum Origin: Sendable, Hashable {
        /// Written in the file.
        case literal
        /// At least one variable of the environment.
        case environment
        /// At least one default of `:-` that is not empty.
        case fallback
    }

    /// Why a value could not be made.
    struct Fault: Error {
        var code: String
        var message: String
    }

    private(set) var text = ""
    private(set) var origin = Origin.literal

    private let environment: [String: String]

    init(_ source: String, environment: [String: String]) throws(Fault) {
        self.environment = environment
        var rest = Substring(source)
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                text += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                try insert(Self.takeReference(&rest))
            } else {
                text += "$"
                rest = rest.dropFirst()
            }
        }
        text += rest
    }

    /// The part between the braces; leaves what follows in `rest`.
    private static func takeReference(_ rest: inout Substring) throws(Fault) -> Substring {
        guard let end = rest.firstIndex(of: "}") else {
            throw Fault(
                code: "invalid_variable", message: "'${' has no '}'; close it, or write '$${' for the text itself")
        }
        let inner = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
        rest = rest[rest.index(after: end)...]
        return inner
    }

    private mutating func insert(_ reference: Substring) throws(Fault) {
        let name = reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let suffix = reference.dropFirst(name.count)
        guard let first = name.first, !first.isNumber,
            suffix.isEmpty || suffix.hasPrefix(":-") || suffix.hasPrefix(":?"), !suffix.contains("${")
        else {
            throw Fault(
                code: "invalid_variable",
                message: "'${\(reference)}' is no variable; write ${NAME}, ${NAME:-default} or ${NAME:?message}")
        }
        if let value = environment[String(name)], !value.isEmpty || suffix.isEmpty {
            text += value
            if origin == .literal { origin = .environment }
            return
        }
        try insertMissing(String(name), suffix)
    }

    private mutating func insertMissing(_ name: String, _ suffix: Substring) throws(Fault) {
        let detail = suffix.dropFirst(2)
        if suffix.hasPrefix(":-") {
            text += detail
            if !detail.isEmpty { origin = .fallback }
        } else if suffix.isEmpty || detail.isEmpty {
            throw Fault(
                code: "unset_variable",
                message: "the variable \(name) is not set; set it, or write ${\(name):-} if it may be empty")
        } else {
            throw Fault(code: "unset_variable", message: "the variable \(name) is not set: \(detail)")
        }
    }
}
