/// A condition on attributes, in a part of the language of Twilio's TaskRouter: `skills HAS "warranty" AND level >= 2`.
///
/// What compares something that is not there does not hold, also with `!=` and `NOT IN`.
public indirect enum TaskExpression: Sendable, Hashable {
    case relation(Operand, Relation, Operand)
    case not(TaskExpression)
    case all([TaskExpression])
    case any([TaskExpression])

    /// A side of a comparison.
    public enum Operand: Sendable, Hashable {
        case attribute(String)
        case value(AttributeValue)
    }

    /// How two sides are compared. The raw value is the word in the file.
    public enum Relation: String, Sendable, Hashable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case isIn = "IN"
        case isNotIn = "NOT IN"
        case has = "HAS"
        case contains = "CONTAINS"
    }

    /// Whether it holds, of these attributes.
    public func holds(_ attributes: (String) -> AttributeValue?) -> Bool {
        switch self {
        case .relation(let left, let relation, let right):
            guard let left = left.value(attributes), let right = right.value(attributes) else { return false }
            return relation.holds(left, right)
        case .not(let inner): return !inner.holds(attributes)
        case .all(let parts): return parts.allSatisfy { $0.holds(attributes) }
        case .any(let parts): return parts.contains { $0.holds(attributes) }
        }
    }

    /// Finds names that nothing has, and comparisons that cannot hold because of their types.
    public func check(_ scope: AttributeScope) throws(TaskExpressionFault) {
        switch self {
        case .relation(let left, let relation, let right):
            try relation.check(try left.type(scope), try right.type(scope))
        case .not(let inner): try inner.check(scope)
        case .all(let parts), .any(let parts): for part in parts { try part.check(scope) }
        }
    }
}

/// Why a text is no expression, or one that means nothing.
public struct TaskExpressionFault: Error, Sendable, Hashable {
    /// `invalid_expression`, `unknown_attribute` or `type_mismatch`.
    public var code: String
    /// For a person; ends without advice.
    public var message: String
    /// The name that nothing has.
    public var name: String?
}

extension TaskExpression.Operand {
    fileprivate func value(_ attributes: (String) -> AttributeValue?) -> AttributeValue? {
        switch self {
        case .attribute(let name): attributes(name)
        case .value(let value): value
        }
    }

    fileprivate func type(_ scope: AttributeScope) throws(TaskExpressionFault) -> AttributeType {
        switch self {
        case .value(let value): return value.type
        case .attribute(let name):
            if let type = scope.type(of: name) { return type }
            throw TaskExpressionFault(
                code: "unknown_attribute", message: "nothing has an attribute '\(name.prefix(60))'", name: name)
        }
    }
}

extension TaskExpression.Relation {
    fileprivate func holds(_ left: AttributeValue, _ right: AttributeValue) -> Bool {
        switch (self, left, right) {
        case (.equal, _, _): left == right
        case (.unequal, _, _): left != right
        case (.less, .number(let left), .number(let right)): left < right
        case (.lessOrEqual, .number(let left), .number(let right)): left <= right
        case (.greater, .number(let left), .number(let right)): left > right
        case (.greaterOrEqual, .number(let left), .number(let right)): left >= right
        case (.isIn, _, .list(let items)): items.contains(left)
        case (.isNotIn, _, .list(let items)): !items.contains(left)
        case (.has, .list(let items), _): items.contains(right)
        case (.contains, .text(let text), .text(let part)): Self.contains(Array(text.utf8), Array(part.utf8))
        default: false
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    fileprivate func check(_ left: AttributeType, _ right: AttributeType) throws(TaskExpressionFault) {
        let fits =
            switch self {
            case .equal, .unequal: left.fits(right) && left != .list && right != .list
            case .less, .lessOrEqual, .greater, .greaterOrEqual: left.fits(.number) && right.fits(.number)
            case .isIn, .isNotIn: left != .list && right.fits(.list)
            case .has: left.fits(.list) && right != .list
            case .contains: left.fits(.text) && right.fits(.text)
            }
        if fits { return }
        throw TaskExpressionFault(
            code: "type_mismatch",
            message: "'\(rawValue)' does not compare \(left.phrase) with \(right.phrase); \(needs)")
    }

    private var needs: String {
        switch self {
        case .equal, .unequal: "write two texts, two numbers, or true or false on both sides"
        case .less, .lessOrEqual, .greater, .greaterOrEqual: "write numbers on both sides"
        case .isIn, .isNotIn: "write a list such as [\"a\", \"b\"] on the right"
        case .has: "write a list such as 'skills' on the left, and one value on the right"
        case .contains: "write texts on both sides"
        }
    }
}

extension AttributeType {
    fileprivate var phrase: String { self == .any ? "a value" : "a " + rawValue }
}
