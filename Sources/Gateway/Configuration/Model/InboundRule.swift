import YAML

/// An entry of `rules: inbound:`.
public struct InboundRule: NamedDefinition {
    /// Unique among inbound rules.
    public var name: String
    /// All must hold; empty for the last rule.
    public var when: [Condition]
    /// In order, at least one.
    public var actions: [InboundStep]
    /// The next rules are tried too.
    public var continues: Bool
    /// Where the file defines it.
    public var mark: YAMLMark
}

/// An entry of `do:`.
public struct InboundStep: Sendable {
    /// What is done.
    public var action: InboundAction
    /// All must hold beside those of the rule; empty for always.
    public var when: [Condition]
    /// Only for who proves with a PIN that it is them.
    public var needsPIN = false
}

/// What an entry of `do:` does.
public enum InboundAction: Sendable, Hashable {
    /// Matches the message to open alerts; plays them to a caller.
    case acknowledge
    /// Into the review queue under this kind.
    case review(kind: String)
    /// Answers with a template.
    case reply(template: String)
    case search(SearchAction)
    /// Plays a menu to a caller.
    case menu(String)
    /// Publishes an event of this type.
    case emit(event: String)
    /// Files it under words.
    case tag([String])
    /// Withdraws consent as STOP does.
    case optOut(isForAll: Bool)
    case forward(ForwardAction)
    case request(RequestAction)
    case assist(AssistAction)
    case task(TaskCreation)
    /// Nothing at all.
    case ignore
}

/// `forward:` of a rule: what a person wrote goes on to somebody else as a message of its own.
public struct ForwardAction: Sendable, Hashable {
    /// Whom it goes to.
    public enum Target: Sendable, Hashable {
        /// E.164 with `+`.
        case number(String)
        /// A contact, a group, or whoever is on duty.
        case people(StepTarget)
    }

    /// Never whoever wrote.
    public var target: Target
    /// The template; it sees what came in. `nil` for number and text.
    public var template: String?
    /// A name under `policies:`; `nil` for what the outbound rules say of the topic `forward`.
    public var policy: String?
    /// Of the message.
    public var priority: Priority
}

/// `task:` of a rule: what came in becomes work for a person.
public struct TaskCreation: Sendable, Hashable {
    /// One more attribute.
    public struct Attribute: Sendable, Hashable {
        /// Replaces what came in under this name.
        public var name: String
        /// Its text.
        public var value: String
    }

    /// Where it waits; a name. Empty where a workflow says it.
    public var queue: String
    /// 0...1000; a higher one goes first.
    public var priority: Int
    /// What the task says beside what came in.
    public var attributes: [Attribute]
    /// The name of the workflow that says where it waits.
    public var workflow: String?
}

/// `http:` of a rule: another system is asked, and its answer is the answer to the person.
public struct RequestAction: Sendable, Hashable {
    /// Absolute; POST.
    public var url: String
    /// Signs the request (Standard Webhooks 1.0); `nil` for no signature.
    public var secret: [UInt8]?
    /// The template of the body, sent as text; `nil` for what came in as JSON.
    public var body: String?
    /// Until then it is tried again, and an answer counts.
    public var within: Duration
    /// The template of the answer to the person, which sees `answer`; `nil` for none.
    public var reply: String?
    /// The template when there is no answer in time; `nil` for a review instead.
    public var otherwise: String?
}

/// `search:` of a rule or a menu option.
public struct SearchAction: Sendable, Hashable {
    /// Only documents of this type; `nil` for all.
    public var type: String?
    /// Matches listed in the answer, 1...20.
    public var limit: Int
    /// The template of the answer; it sees `count`, `documents` and `query`.
    public var reply: String
    /// The template of the answer when nothing is found; `nil` for `reply` with a count of 0.
    public var none: String?
    /// The template for somebody whose number is not a verified address of a contact: numbers are forgeable, so nothing of
    /// a boat is told. `nil` for a review instead.
    public var unverified: String?
    /// How long it may take, 500 ms to 10 s; then it has failed.
    public var within: Duration = SearchAction.usualTime

    /// Where the file says nothing: providers wait 15 s for the answer.
    public static let usualTime: Duration = .seconds(5)
}
