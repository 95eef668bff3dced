/// Why a text is not the YAML this parser takes, and where.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stable name of the cause: `syntax`, `bad_character`, `duplicate_key`, `key_not_scalar`, `merge_key`,
    /// `unknown_alias`, `unsupported_tag`, `several_documents`, `empty`, `too_deep`, `too_many_nodes`, `too_large` or
    /// `out_of_memory`.
    public var code: String
    /// The cause for a person; of the text it contains names of keys, anchors and tags only.
    public var message: String
    /// The place at fault.
    public var mark: YAMLMark

    /// An error.
    public init(code: String, message: String, mark: YAMLMark) {
        self.code = code
        self.message = message
        self.mark = mark
    }

    /// `line:column message`.
    public var description: String { "\(mark) \(message)" }
}
