import YAML

/// An entry under `assistants:`: a language model that drafts answers.
public struct AssistantDefinition: NamedDefinition {
    /// As rules refer to it.
    public var name: String
    /// In whose form it is asked.
    public var api: AssistantAPI
    /// Absolute; POST.
    public var url: String
    /// A secret; empty for a server that wants none.
    public var key: String
    /// As the server names it.
    public var model: String
    /// What it is told before everything else.
    public var instructions: String
    /// The longest answer in tokens, 16...4,096.
    public var maxTokens: Int
    /// Until then it is asked again, and an answer counts.
    public var within: Duration
    /// What it may cost on a day; `nil` for no limit.
    public var perDay: Money?
    /// For a million tokens of what it is told.
    public var inputPrice: Money?
    /// For a million tokens of what it answers.
    public var outputPrice: Money?
    /// Where the file defines it.
    public var mark: YAMLMark

    /// Micros of the gateway's currency.
    func cost(input: Int64, output: Int64) -> Int64 {
        func price(_ tokens: Int64, _ price: Money?) -> Int64 {
            guard let price, tokens > 0 else { return 0 }
            let (product, overflow) = tokens.multipliedReportingOverflow(by: price.micros)
            return overflow ? .max / 4 : (product + 999_999) / 1_000_000
        }
        return price(input, inputPrice) + price(output, outputPrice)
    }
}

/// `assist:` of a rule.
public struct AssistAction: Sendable, Hashable {
    /// What becomes of an answer.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// A person sends it, or another one.
        case draft
        /// It is sent.
        case send
    }

    /// A name under `assistants:`.
    public var assistant: String
    /// What becomes of the answer.
    public var mode: Mode
    /// The template when there is no answer in time; `nil` for a review instead. Of `send`.
    public var otherwise: String?
    /// What was said before that it is told, 0...50.
    public var history: Int
    /// Documents of the person's boats that it is told, 0...10.
    public var documents: Int
}

/// What an assistant is told of a person beside the message itself.
public struct AssistMaterial: Sendable, Hashable {
    /// One text of the conversation.
    public struct Line: Sendable, Hashable {
        /// The person said it; else the gateway did.
        public var isPerson: Bool
        /// As it was said.
        public var text: String
    }

    /// A document with as much of its text as is told.
    public struct Document: Sendable, Hashable {
        /// As people see it in a list.
        public var title: String
        /// Its beginning.
        public var text: String
    }

    /// Oldest first.
    public var lines: [Line] = []
    /// The best first; only of the boats of a verified person.
    public var documents: [Document] = []

    /// Nothing.
    public init() {}
}
