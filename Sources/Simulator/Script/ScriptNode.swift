import JSON

/// A piece of a script, the same for YAML and JSON, with its place.
struct ScriptNode {
    /// What a piece can be. All scalars are text: the reader of a field decides its type.
    indirect enum Kind {
        case empty
        case scalar(String)
        case list([ScriptNode])
        case map([(key: String, node: ScriptNode)])
    }

    let kind: Kind
    let pointer: String
    let line: Int?
    let column: Int?
    /// The piece as JSON, for giving the document back.
    let json: JSONValue

    /// Reads a piece of a JSON document.
    init(_ value: JSONValue, pointer: String = "") {
        self.pointer = pointer
        line = nil
        column = nil
        json = value
        switch value {
        case .null: kind = .empty
        case .bool(let bool): kind = .scalar(bool ? "true" : "false")
        case .integer(let number): kind = .scalar(String(number))
        case .number(let number): kind = .scalar("\(number)")
        case .string(let text): kind = .scalar(text)
        case .array(let elements):
            kind = .list(elements.enumerated().map { ScriptNode($1, pointer: "\(pointer)/\($0)") })
        case .object(let object):
            kind = .map(
                object.members.map { ($0.key, ScriptNode($0.value, pointer: Self.join(pointer, $0.key))) })
        }
    }

    init(kind: Kind, json: JSONValue, pointer: String, line: Int?, column: Int?) {
        self.kind = kind
        self.json = json
        self.pointer = pointer
        self.line = line
        self.column = column
    }

    static func join(_ pointer: String, _ key: String) -> String {
        var out = pointer + "/"
        for character in key.unicodeScalars {
            switch character {
            case "~": out += "~0"
            case "/": out += "~1"
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}
