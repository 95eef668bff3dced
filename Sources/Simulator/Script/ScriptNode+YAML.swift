import JSON
import YAML

extension ScriptNode {
    /// Reads a piece of a YAML document.
    init(_ node: YAMLNode, pointer: String = "") {
        let kind: Kind
        let json: JSONValue
        switch node.kind {
        case .scalar(let text, let isPlain):
            let isEmpty = isPlain && ["", "~", "null"].contains(text)
            kind = isEmpty ? .empty : .scalar(text)
            json = isEmpty ? .null : Self.json(text, isPlain: isPlain)
        case .sequence(let elements):
            let nodes = elements.enumerated().map { ScriptNode($1, pointer: "\(pointer)/\($0)") }
            kind = .list(nodes)
            json = .array(nodes.map(\.json))
        case .mapping(let pairs):
            let members = pairs.map { pair in
                let key = Self.text(pair.key)
                return (key: key, node: ScriptNode(pair.value, pointer: Self.join(pointer, key)))
            }
            kind = .map(members)
            json = .object(JSONObject(members.map { ($0.key, $0.node.json) }))
        }
        self.init(kind: kind, json: json, pointer: pointer, line: node.mark.line, column: node.mark.column)
    }

    private static func text(_ node: YAMLNode) -> String {
        if case .scalar(let text, _) = node.kind { text } else { "" }
    }

    /// Plain numbers and booleans as such, so that the document that is given back reads like the one that came.
    private static func json(_ text: String, isPlain: Bool) -> JSONValue {
        guard isPlain else { return .string(text) }
        if text == "true" || text == "false" { return .bool(text == "true") }
        if let number = Int64(text), String(number) == text { return .integer(number) }
        return .string(text)
    }
}
