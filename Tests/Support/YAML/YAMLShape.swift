import YAML

extension YAMLNode {
    /// The node in short: quoted text in quotes, plain text bare, `[…]` and `{…}`.
    var shape: String {
        switch kind {
        case .scalar(let text, isPlain: true): text
        case .scalar(let text, isPlain: false): "'\(text)'"
        case .sequence(let elements): "[" + elements.map(\.shape).joined(separator: ", ") + "]"
        case .mapping(let pairs): "{" + pairs.map { "\($0.key.shape): \($0.value.shape)" }.joined(separator: ", ") + "}"
        }
    }
}

/// The shape of a text.
func shape(of text: String) throws(YAMLError) -> String { try YAMLNode.parse(Array(text.utf8)).shape }
