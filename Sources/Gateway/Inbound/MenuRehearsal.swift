/// A call that nobody makes: what somebody hears in a menu, choice by choice. Pure.
public struct MenuRehearsal {
    /// What the caller, or whoever is dialled, does.
    public enum Choice: Sendable, Hashable {
        case keys(String)
        case words(String)
        /// Nothing, until the time is over.
        case silence
        /// Whoever was dialled takes the call, or nobody does.
        case taken(Bool)
        /// The message is spoken.
        case recorded
    }

    /// What the call does, and what it waits for.
    public struct Turn: Sendable {
        /// What is heard and done, in order.
        public var script: CallScript
        /// The menu that is asked; `nil` where the call waits for something else, or ends.
        public var menu: String?
        /// The search whose result is spoken.
        public var search: SearchAction?
        /// The reason of the review that is opened.
        public var review: String?

        /// The call is over.
        public var isLast: Bool { next(after: .silence) == nil && next(after: .taken(false)) == nil }

        fileprivate func next(after choice: Choice) -> CallAction? {
            for verb in script.verbs {
                switch (verb, choice) {
                case (.gather(let gather), .keys), (.gather(let gather), .words): return gather.action
                case (.redirect(let action), .silence): return action
                case (.dial(let dial), .taken): return dial.action
                case (.record(let recording), .recorded), (.record(let recording), .taken): return recording.action
                default: continue
                }
            }
            return nil
        }
    }

    private let directory: ConfigurationDirectory
    private let menu: String
    private let locale: String?
    private let now: Timestamp
    private let isVerified: Bool
    private var last: Turn?

    /// - Parameters:
    ///   - locale: the caller's, where they are known.
    ///   - isVerified: the caller is somebody who is told of boats.
    public init(
        _ directory: ConfigurationDirectory, menu: String, locale: String?, at now: Timestamp, isVerified: Bool
    ) {
        self.directory = directory
        self.menu = menu
        self.locale = locale
        self.now = now
        self.isVerified = isVerified
    }

    /// Somebody calls.
    public mutating func begin() -> Turn {
        turn(InboundCall(providerID: "rehearsal", from: "", to: "", purpose: "inbound"))
    }

    /// Goes on; `nil` where the call does not wait for such a choice.
    public mutating func go(on choice: Choice) -> Turn? {
        guard let action = last?.next(after: choice) else { return nil }
        var call = InboundCall(providerID: "rehearsal", from: "", to: "", purpose: action.purpose)
        (call.menu, call.turn, call.rounds) = (action.menu, action.turn, action.rounds)
        (call.place, call.language) = (action.place, action.language)
        switch choice {
        case .keys(let keys): call.digits = keys
        case .words(let words): call.speech = words
        case .taken(let isTaken): call.wasConnected = isTaken
        case .silence, .recorded: break
        }
        return turn(call)
    }

    private mutating func turn(_ call: InboundCall) -> Turn {
        var context = InboundContext(.call(call), now: now)
        context.locale = locale
        context.contactVerified = isVerified
        context.pin = isVerified ? .proven : .missing
        let scripts = MenuScripts(directory: directory, inbound: context, menu: menu, call: call)
        var turn = Turn(script: scripts.script, search: scripts.search)
        // What a search finds is not known here, so that its failure is no review.
        if turn.search == nil || !isVerified { turn.review = scripts.review }
        for case .gather(let gather) in turn.script.verbs { turn.menu = gather.action.menu }
        last = turn
        return turn
    }
}
