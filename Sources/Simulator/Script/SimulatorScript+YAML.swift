import YAML

extension SimulatorScript {
    /// Reads the section of a YAML document.
    /// - Throws: every mistake with its line and column.
    public init(yaml: YAMLNode) throws(SimulatorScriptError) {
        try self.init(ScriptNode(yaml))
    }
}
