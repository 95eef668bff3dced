import YAML

/// A single value with its variables replaced.
struct Scalar {
    var text: String
    var mark: YAMLMark
    var origin: VariableExpansion.Origin

    /// The value for a message: quoted when the file shows it anyway, never what came from the environment.
    var shown: String { origin == .literal ? "'\(text.prefix(60))'" : "the variable's value" }
}

extension ReadingSession {
    /// Reads a single value; reports a list, a mapping, a missing value or a variable that is not set.
    func scalar(_ node: YAMLNode, for what: String) -> Scalar? {
        guard case .scalar(let source, _) = node.kind else {
            error("wrong_type", "\(what) is a single value, not a list or mapping", at: node.mark)
            return nil
        }
        if node.isNull {
            error("missing_value", "\(what) has no value; write one, or \"\" for an empty one", at: node.mark)
            return nil
        }
        guard replacesVariables else { return Scalar(text: source, mark: node.mark, origin: .literal) }
        do {
            let expansion = try VariableExpansion(source, environment: environment)
            return Scalar(text: expansion.text, mark: node.mark, origin: expansion.origin)
        } catch {
            self.error(error.code, "\(what): \(error.message)", at: node.mark)
            return nil
        }
    }

    /// The entries of a list; a single value is a list of one. Reports a mapping.
    func list(_ node: YAMLNode, for what: String) -> [YAMLNode] {
        switch node.kind {
        case .sequence(let items): return items
        case .scalar: return [node]
        case .mapping:
            error("wrong_type", "\(what) is a list, not a mapping", at: node.mark)
            return []
        }
    }

    /// The entries of a mapping with free keys; reports anything else, and keys that are no texts.
    func entries(_ node: YAMLNode, for what: String) -> [(name: String, mark: YAMLMark, node: YAMLNode)] {
        guard case .mapping(let pairs) = node.kind else {
            error("wrong_type", "\(what) is a mapping; write it as 'name: value' pairs", at: node.mark)
            return []
        }
        return pairs.compactMap { pair in
            guard case .scalar(let name, _) = pair.key.kind else {
                error("wrong_type", "a key in \(what) is a plain name", at: pair.key.mark)
                return nil
            }
            return (name, pair.key.mark, pair.value)
        }
    }

    /// The entries of a mapping of definitions; reports names that nothing could refer to.
    func definitions(_ node: YAMLNode, for what: String) -> [(name: String, mark: YAMLMark, node: YAMLNode)] {
        entries(node, for: what).filter { entry in
            if ScalarText.isName(entry.name) { return true }
            error(
                "invalid_name", "'\(entry.name.prefix(60))' is no name; use 1–64 letters, digits, '_', '.' and '-'",
                at: entry.mark)
            return false
        }
    }

    /// The tree with all variables replaced, for a section that somebody else reads.
    func expanded(_ node: YAMLNode) -> YAMLNode {
        var copy = node
        switch node.kind {
        case .scalar(let source, let isPlain):
            do {
                let expansion = try VariableExpansion(source, environment: environment)
                copy.kind = .scalar(expansion.text, isPlain: isPlain)
            } catch {
                self.error(error.code, error.message, at: node.mark)
            }
        case .sequence(let items): copy.kind = .sequence(items.map(expanded))
        case .mapping(let pairs): copy.kind = .mapping(pairs.map { (key: $0.key, value: expanded($0.value)) })
        }
        return copy
    }
}
