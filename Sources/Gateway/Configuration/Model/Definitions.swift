import YAML

/// Something that channels.yaml defines under a name.
public protocol NamedDefinition: Sendable {
    /// Unique among its kind.
    var name: String { get }
    /// Where the file defines it.
    var mark: YAMLMark { get }
}

/// Definitions in the file's order, with a look-up by name.
public struct Definitions<Element: NamedDefinition>: Sendable {
    private let elements: [Element]
    private let positions: [String: Int]

    /// Keeps the order; of two with the same name the first is found.
    public init(_ elements: [Element] = []) {
        self.elements = elements
        positions = Dictionary(
            elements.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    /// The definition of a name; `nil` when there is none.
    public subscript(name: String) -> Element? { positions[name].map { elements[$0] } }

    /// All names in the file's order.
    public var names: [String] { elements.map(\.name) }
}

extension Definitions: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { elements.startIndex }
    /// The count.
    public var endIndex: Int { elements.endIndex }
    /// The definition at a place in the file's order.
    public subscript(position: Int) -> Element { elements[position] }
}
