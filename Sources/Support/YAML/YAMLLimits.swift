/// How much a YAML text may ask for.
public struct YAMLLimits: Sendable, Hashable {
    /// How deep sequences and mappings may nest, aliases counted where they are used; at most 256.
    public var maxDepth: Int
    /// How many nodes there may be, those of an alias counted at each use.
    public var maxNodes: Int
    /// How many bytes the text may have.
    public var maxBytes: Int

    /// Limits that no configuration written by people reaches.
    public init(maxDepth: Int = 32, maxNodes: Int = 200_000, maxBytes: Int = 4 << 20) {
        self.maxDepth = min(maxDepth, 256)
        self.maxNodes = maxNodes
        self.maxBytes = maxBytes
    }
}
