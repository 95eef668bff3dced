import YAML

/// An entry under `menus:`: what a caller hears, and may press or say.
public struct MenuDefinition: NamedDefinition {
    /// As rules and other menus refer to it.
    public var name: String
    /// What is said or played.
    public var prompt: SpokenPrompt
    /// Who speaks the menu's texts: a voice of the provider by locale, `*` for every other one.
    public var voices: [String: String]
    /// How keys and words are collected.
    public var gather: GatherSettings
    /// When it is open; `nil` for always.
    public var opening: MenuOpening?
    /// In the file's order, no keys twice.
    public var options: [MenuOption]
    /// For keys and words without an option.
    public var otherwise: MenuStep
    /// How often it is asked again when nothing was chosen, 0...10.
    public var repeats: Int
    /// What follows when nothing was chosen after that.
    public var finally: MenuStep
    /// Where the file defines it.
    public var mark: YAMLMark

    /// Where keys lead.
    public func choice(of keys: String) -> MenuPlace {
        options.contains { $0.keys == keys } ? MenuPlace(.option(keys)) : MenuPlace(.otherwise)
    }

    /// The step at a place; `nil` where the menu has none.
    public func step(at place: MenuPlace) -> MenuStep? {
        var step: MenuStep?
        switch place.origin {
        case .option(let keys): step = options.first { $0.keys == keys }?.step
        case .otherwise: step = otherwise
        case .finally: step = finally
        case .closed: step = opening?.otherwise
        }
        for _ in 0..<place.depth {
            guard case .dial(let dial)? = step?.next else { return nil }
            step = dial.otherwise
        }
        return step
    }

    /// Every step with its place: options, then the others; each before the steps of its `dial`.
    public var steps: [(place: MenuPlace, step: MenuStep)] {
        let origins = options.map { MenuPlace.Origin.option($0.keys) } + [.otherwise, .finally, .closed]
        return origins.flatMap { origin in
            var steps: [(place: MenuPlace, step: MenuStep)] = []
            var place = MenuPlace(origin)
            while let step = step(at: place) {
                steps.append((place, step))
                place = place.deeper
            }
            return steps
        }
    }
}

/// Where a step stands in its menu. Its text goes through a provider's URLs.
public struct MenuPlace: Sendable, Hashable {
    /// What the step belongs to.
    public enum Origin: Sendable, Hashable {
        case option(String)
        case otherwise, finally, closed
    }

    /// What the step belongs to.
    public var origin: Origin
    /// How many `otherwise` of a `dial` lie between.
    public var depth = 0

    /// A step of the menu itself.
    public init(_ origin: Origin) { self.origin = origin }

    /// The `otherwise` of the `dial` here.
    public var deeper: MenuPlace {
        var place = self
        place.depth += 1
        return place
    }

    /// Such as `1` or `otherwise.2`; keys are no letters.
    public var text: String {
        let start =
            switch origin {
            case .option(let keys): keys
            case .otherwise: "otherwise"
            case .finally: "finally"
            case .closed: "closed"
            }
        return depth == 0 ? start : start + "." + String(depth)
    }

    /// A place as `text` writes it; `nil` for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let start = parts.first, parts.count <= 2 else { return nil }
        switch start {
        case "otherwise": origin = .otherwise
        case "finally": origin = .finally
        case "closed": origin = .closed
        default:
            guard MenuOption.isKeys(String(start)) else { return nil }
            origin = .option(String(start))
        }
        guard parts.count == 2 else { return }
        guard let depth = Int(parts[1]), (1...MenuStep.maxDepth).contains(depth) else { return nil }
        self.depth = depth
    }
}

/// What is said or played: a text, a sound file, or the file and then the text.
public struct SpokenPrompt: Sendable {
    /// What is said.
    public var say: LocalizedText?
    /// The `https` URL of a sound file that the provider plays first.
    public var play: String?

    /// Whether nothing is heard.
    public var isEmpty: Bool { say == nil && play == nil }
}

/// `open:` of a menu.
public struct MenuOpening: Sendable {
    /// A name under `times:`.
    public var times: String
    /// What a caller gets outside of them.
    public var otherwise: MenuStep
}

/// `gather:` of a menu.
public struct GatherSettings: Sendable, Hashable {
    /// 1...10.
    public var digits: Int
    /// Silence after which the menu repeats, 1...60 s.
    public var timeout: Duration
    /// Spoken words choose options like keys.
    public var takesSpeech: Bool
}

/// One choice of a menu.
public struct MenuOption: Sendable {
    /// Digits, `*` and `#`.
    public var keys: String
    /// What somebody may say for it: words or a few words each, of any language.
    public var words: [String]
    /// What it does.
    public var step: MenuStep

    /// Whether a text is made of keys.
    static func isKeys(_ text: String) -> Bool {
        (1...10).contains(text.utf8.count) && text.allSatisfy { "0123456789*#".contains($0) }
    }
}

/// What happens after a choice: something is heard, then it goes on.
public struct MenuStep: Sendable {
    /// What is heard.
    public var prompt = SpokenPrompt()
    /// Only for whoever proves with their PIN who they are.
    public var needsPIN = false
    /// BCP 47: what is spoken from here on is in this language.
    public var language: String?
    /// What follows.
    public var next: MenuNext

    /// How deep `otherwise` may stand in `otherwise`.
    public static let maxDepth = 4

    /// A step that says nothing.
    public init(_ next: MenuNext) { self.next = next }
}

/// How a menu goes on.
public indirect enum MenuNext: Sendable {
    /// To a menu.
    case menu(String)
    /// Connects to people.
    case dial(MenuDial)
    /// Speaks what is found, then goes on with the menu (the same one when `nil`).
    case search(SearchAction, then: String?)
    /// Into the review queue under this kind, then the end.
    case review(kind: String)
    /// Records what the caller says, then the end.
    case voicemail(Voicemail)
    case hangup
}

/// `dial:` of a step: who is rung, all at once or one after the other.
public struct MenuDial: Sendable {
    /// E.164; empty when the configuration leaves the number empty.
    public var numbers: [String]
    /// How long it rings, 5...600 s.
    public var ring: Duration
    /// One after the other, each as long as `ring`.
    public var isInTurn: Bool
    /// What is said to whoever picks up, before the caller is connected.
    public var whisper: LocalizedText?
    /// Whoever picks up must press a key, so that nobody's answering machine takes the call.
    public var mustAccept: Bool
    /// The conversation is recorded.
    public var records: Bool
    /// What follows when nobody is rung or takes the call.
    public var otherwise: MenuStep?
}

/// `voicemail:` of a step.
public struct Voicemail: Sendable, Hashable {
    /// The longest message, 1 s ... 10 min.
    public var limit: Duration
    /// The kind of the review that it opens.
    public var review: String
    /// Whether the provider writes down what was said.
    public var isTranscribed: Bool
}
