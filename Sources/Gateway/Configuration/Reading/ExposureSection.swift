import YAML

extension GatewaySection {
    /// Reads `per_person:`.
    func exposureLimits(_ node: YAMLNode) -> ExposureLimits {
        var limits = ExposureLimits()
        guard let section = SectionReader(session, node, section: "per_person", title: "'per_person'") else {
            return limits
        }
        limits.calls = section.value("calls", "a number of calls such as 3/d or 2/h", ScalarText.allowance)
        limits.texts = section.value("texts", "a number of messages such as 20/d or 5/h", ScalarText.allowance)
        limits.override = section.word("override", Priority.self)
        section.finish()
        if !section.has("calls"), !section.has("texts") {
            session.error(
                "missing_key", "'per_person' has no limit; add 'calls' or 'texts', or remove it", at: section.mark)
        } else if section.has("texts"), !section.has("calls") {
            session.warning(
                "texts_become_calls",
                "'per_person' limits 'texts' alone: a policy that goes on with a call then calls instead; add 'calls'",
                at: section.mark(of: "texts"))
        }
        return limits
    }
}
