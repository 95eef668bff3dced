// YAML on libyaml: all places lie inside of the text, limits hold, keys are different, and a byte order mark changes
// nothing.
import YAML

private let limits = YAMLLimits(maxDepth: 8, maxNodes: 200, maxBytes: 65_536)

/// Called by libFuzzer with each input: the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = FuzzInput(data, size).rest
    do throws(YAMLError) {
        let node = try YAMLNode.parse(text, limits: limits)
        var count = 0
        check(node, depth: 0, &count, text)
        expect(count <= limits.maxNodes, "\(count) nodes")
        let marked = try? YAMLNode.parse([0xEF, 0xBB, 0xBF] + text, limits: limits)
        if !text.starts(with: [0xEF, 0xBB, 0xBF]) { expect(marked.map(outline) == outline(node), "the mark matters") }
    } catch {
        expect(isInside(line: error.mark.line, column: error.mark.column, of: text), "\(error) is outside")
    }
    return 0
}

private func check(_ node: YAMLNode, depth: Int, _ count: inout Int, _ text: [UInt8]) {
    count += 1
    expect(depth <= limits.maxDepth, "deeper than allowed")
    expect(isInside(line: node.mark.line, column: node.mark.column, of: text), "\(node.mark) is outside")
    expect(isInside(line: node.end.line, column: node.end.column, of: text), "the end \(node.end) is outside")
    expect(node.mark <= node.end, "\(node.mark) stands behind \(node.end)")
    for element in node.elements ?? [] { check(element, depth: depth + 1, &count, text) }
    var keys: Set<[UInt8]> = []
    for (key, value) in node.pairs ?? [] {
        expect(key.text != nil && keys.insert(Array((key.text ?? "").utf8)).inserted, "a key is doubled or no text")
        count += 1
        check(value, depth: depth + 1, &count, text)
        expect(node[key.text ?? ""].map(outline) == outline(value), "a value is not found under its key")
    }
}

/// The tree without places.
private func outline(_ node: YAMLNode) -> String {
    switch node.kind {
    case .scalar(let text, let isPlain): "\(isPlain ? "p" : "q")\(text.debugDescription)"
    case .sequence(let elements): "[\(elements.map(outline))]"
    case .mapping(let pairs): "{\(pairs.map { outline($0.key) + outline($0.value) })}"
    }
}
