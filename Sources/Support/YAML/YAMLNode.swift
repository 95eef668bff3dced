/// A place in a YAML text.
public struct YAMLMark: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, counted from 1.
    public var line: Int
    /// The column, counted from 1 in Unicode scalars.
    public var column: Int

    /// A place; both numbers count from 1.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }

    /// Whether one place stands before another.
    public static func < (left: YAMLMark, right: YAMLMark) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value of a YAML text with its place.
///
/// Scalars stay text: their type is decided by whoever reads the field, so the country `NO` and the version `1.10`
/// stay what they are. Aliases are resolved; a node that is used twice has the place of its definition.
public struct YAMLNode: Sendable {
    /// What a node is.
    public enum Kind: Sendable {
        /// Text; plain if it was written without quotes, block style and tag, so that `~` or `null` may mean nothing.
        case scalar(String, isPlain: Bool)
        /// A list.
        case sequence([YAMLNode])
        /// Pairs in the order of the text; keys are scalars and different by their text.
        case mapping([(key: YAMLNode, value: YAMLNode)])
    }

    /// What the node is.
    public var kind: Kind
    /// Where it starts.
    public var mark: YAMLMark
    /// Where it ends, exclusive.
    public var end: YAMLMark
    /// The tag, if it was written: `tag:yaml.org,2002:str` or `!`, both of which mean text.
    public var tag: String?

    /// A node.
    public init(_ kind: Kind, mark: YAMLMark, end: YAMLMark? = nil, tag: String? = nil) {
        self.kind = kind
        self.mark = mark
        self.end = end ?? mark
        self.tag = tag
    }
}

extension YAMLNode {
    /// The text of a scalar, or nil for another kind.
    public var text: String? {
        guard case .scalar(let text, _) = kind else { return nil }
        return text
    }

    /// The nodes of a sequence, or nil for another kind.
    public var elements: [YAMLNode]? {
        guard case .sequence(let elements) = kind else { return nil }
        return elements
    }

    /// The pairs of a mapping, or nil for another kind.
    public var pairs: [(key: YAMLNode, value: YAMLNode)]? {
        guard case .mapping(let pairs) = kind else { return nil }
        return pairs
    }

    /// The value of a key, or nil if this is no mapping or lacks the key.
    public subscript(key: String) -> YAMLNode? {
        pairs?.first { $0.key.text.map { $0.utf8.elementsEqual(key.utf8) } ?? false }?.value
    }

    /// Whether this is nothing: a plain scalar that is empty, `~`, `null`, `Null` or `NULL` (YAML 1.2.2 section 10.3.2).
    public var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = kind else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }
}
