/// A piece of a template.
enum TemplatePart: Sendable, Hashable {
    case literal(String)
    case placeholder(Placeholder)

    /// `{{ path | filter }}`, and where it stands in the text.
    struct Placeholder: Sendable, Hashable {
        let path: String
        let filters: [TemplateFilter]
        let offset: Int
    }
}
