/// Builds nodes from events. Its recursion is bounded by the limit of depth.
struct YAMLComposer {
    /// A node that can be referred to, with what one use of it costs.
    private struct Anchored {
        var node: YAMLNode
        var nodes: Int
        var height: Int
    }

    private let events: YAMLEvents
    private let limits: YAMLLimits
    private var anchors: [String: Anchored] = [:]
    private var nodes = 0

    init(events: YAMLEvents, limits: YAMLLimits) {
        self.events = events
        self.limits = limits
    }

    /// The one document of the stream.
    mutating func document() throws(YAMLError) -> YAMLNode {
        while true {
            let event = try events.next()
            switch event.kind {
            case .documentStart:
                let root = try node(try events.next(), depth: 0).node
                try expectEnd()
                return root
            case .streamEnd: throw YAMLError(code: "empty", message: "the text has no content", mark: event.start)
            default: break
            }
        }
    }

    private func expectEnd() throws(YAMLError) {
        while true {
            let event = try events.next()
            switch event.kind {
            case .documentStart:
                let message = "a second document starts here; one is allowed"
                throw YAMLError(code: "several_documents", message: message, mark: event.start)
            case .streamEnd: return
            default: break
            }
        }
    }

    /// The node that starts with an event, and how many levels it has below it.
    private mutating func node(
        _ event: YAMLEvents.Event, depth: Int
    ) throws(YAMLError) -> (node: YAMLNode, height: Int) {
        if case .alias = event.kind { return try alias(event, depth: depth) }
        try count(1, at: event.start)
        try checkTag(of: event)
        let before = nodes
        var node = YAMLNode(.sequence([]), mark: event.start, end: event.end, tag: event.tag)
        var height = 0
        switch event.kind {
        case .scalar(let text, let isPlain): node.kind = .scalar(text, isPlain: isPlain)
        case .sequenceStart: height = try fillSequence(&node, depth: try enter(depth, 1, at: event.start))
        case .mappingStart: height = try fillMapping(&node, depth: try enter(depth, 1, at: event.start))
        default: throw YAMLError(code: "syntax", message: "a value was expected here", mark: event.start)
        }
        // Only now, so that a node cannot contain itself.
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(node: node, nodes: nodes - before + 1, height: height)
        }
        return (node, height)
    }

    private mutating func fillSequence(_ node: inout YAMLNode, depth: Int) throws(YAMLError) -> Int {
        var elements: [YAMLNode] = []
        var height = 0
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind {
                node.kind = .sequence(elements)
                node.end = event.end
                return height + 1
            }
            let element = try self.node(event, depth: depth)
            elements.append(element.node)
            height = max(height, element.height)
        }
    }

    private mutating func fillMapping(_ node: inout YAMLNode, depth: Int) throws(YAMLError) -> Int {
        var pairs: [(key: YAMLNode, value: YAMLNode)] = []
        var keys: Set<[UInt8]> = []
        var height = 0
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind {
                node.kind = .mapping(pairs)
                node.end = event.end
                return height + 1
            }
            let key = try key(event, depth: depth, among: &keys)
            let value = try self.node(try events.next(), depth: depth)
            pairs.append((key: key, value: value.node))
            height = max(height, value.height)
        }
    }

    private mutating func key(
        _ event: YAMLEvents.Event, depth: Int, among keys: inout Set<[UInt8]>
    ) throws(YAMLError) -> YAMLNode {
        var key = try node(event, depth: depth).node
        // An alias as a key stands where it is used.
        key.mark = event.start
        guard case .scalar(let text, let isPlain) = key.kind else {
            throw YAMLError(code: "key_not_scalar", message: "a key must be text", mark: event.start)
        }
        if isPlain, text == "<<" {
            let message = "merge keys are not supported; write the keys out"
            throw YAMLError(code: "merge_key", message: message, mark: event.start)
        }
        guard keys.insert(Array(text.utf8)).inserted else {
            let message = "the key '\(text.prefix(60))' is there already"
            throw YAMLError(code: "duplicate_key", message: message, mark: event.start)
        }
        return key
    }

    private mutating func alias(
        _ event: YAMLEvents.Event, depth: Int
    ) throws(YAMLError) -> (node: YAMLNode, height: Int) {
        let name = event.anchor ?? ""
        guard let anchored = anchors[name] else {
            let message = "the alias '*\(name.prefix(60))' has no anchor before it"
            throw YAMLError(code: "unknown_alias", message: message, mark: event.start)
        }
        try count(anchored.nodes, at: event.start)
        _ = try enter(depth, anchored.height, at: event.start)
        return (anchored.node, anchored.height)
    }

    private mutating func count(_ more: Int, at mark: YAMLMark) throws(YAMLError) {
        guard more <= limits.maxNodes - nodes else {
            let message = "the text has more than \(limits.maxNodes) values, those of aliases counted at each use"
            throw YAMLError(code: "too_many_nodes", message: message, mark: mark)
        }
        nodes += more
    }

    private func enter(_ depth: Int, _ levels: Int, at mark: YAMLMark) throws(YAMLError) -> Int {
        guard depth + levels <= limits.maxDepth else {
            let message = "lists and mappings are nested deeper than \(limits.maxDepth) levels"
            throw YAMLError(code: "too_deep", message: message, mark: mark)
        }
        return depth + levels
    }

    private func checkTag(of event: YAMLEvents.Event) throws(YAMLError) {
        guard let tag = event.tag else { return }
        if case .scalar = event.kind, tag == "tag:yaml.org,2002:str" || tag == "!" { return }
        let message = "the tag '\(tag.prefix(60))' is not supported"
        throw YAMLError(code: "unsupported_tag", message: message, mark: event.start)
    }
}
