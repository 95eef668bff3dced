/// A text with places for values: `{{ path | filter: argument }}`, and nothing else.
///
/// There are no loops and no conditions, and what is put in is never read as a template. `\{{` is a literal `{{`.
/// Filters are applied from left to right: `date` (`long`, `short` or `iso`), `time`, `money`, `upper`, `spell` (letters
/// and digits apart, for speech) and `default: "x"` (for a missing or empty value).
public struct Template: Sendable, Hashable {
    /// How many bytes a template may have.
    public static let longest = 65536

    /// The template as it was written.
    public let text: String
    private let parts: [TemplatePart]

    /// Reads a template.
    public init(_ text: String) throws(TemplateError) {
        self.text = text
        var parser = try TemplateParser(text)
        parts = try parser.parts()
    }

    /// Reads what stands between the braces alone: `warranty_end | date`.
    public init(expression text: String) throws(TemplateError) {
        self.text = text
        var parser = try TemplateParser(text)
        parts = [try parser.expression()]
    }

    /// The paths that are looked up, each once, in the order of their first use.
    public var paths: [String] {
        var seen: Set<String> = []
        return placeholders.map(\.path).filter { seen.insert($0).inserted }
    }

    /// The paths whose value must be there, because no default stands in for it; each once, in order.
    public var requiredPaths: [String] {
        var seen: Set<String> = []
        let required = placeholders.filter { placeholder in
            !placeholder.filters.contains { if case .default = $0 { true } else { false } }
        }
        return required.map(\.path).filter { seen.insert($0).inserted }
    }

    /// Puts in the values.
    public func render(in context: TemplateContext) throws(TemplateError) -> String {
        var result = ""
        let locale = LocalePatterns.named(context.locale)
        for part in parts {
            switch part {
            case .literal(let literal): result += literal
            case .placeholder(let placeholder):
                result += try TemplateRenderer(text: text, placeholder: placeholder, context: context, locale: locale)
                    .render()
            }
        }
        return result
    }

    private var placeholders: [TemplatePart.Placeholder] {
        parts.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }
}
