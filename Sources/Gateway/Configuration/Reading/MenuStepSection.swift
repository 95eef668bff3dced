import PhoneNumbers
import YAML

/// Reads the steps of a menu, which is the one that goes on when a step says nothing else.
struct MenuStepSection {
    let session: ReadingSession
    let menu: String

    /// A step that no words lead to.
    func read(_ node: YAMLNode, _ owner: String, depth: Int = 0) -> MenuStep? {
        guard let section = SectionReader(session, node, section: "menu_step", title: owner) else { return nil }
        let step = step(section, owner, node.mark, depth)
        section.finish()
        return step
    }

    /// A step with the words that lead to it.
    func option(_ node: YAMLNode, _ owner: String, takesSpeech: Bool) -> (step: MenuStep, words: [String])? {
        guard let section = SectionReader(session, node, section: "menu_step", title: owner) else { return nil }
        let items = section.node("words").map { session.list($0, for: "'words'") } ?? []
        let words = items.compactMap { session.scalar($0, for: "a word")?.text }
        if !takesSpeech, section.has("words") {
            session.error(
                "words_without_speech",
                "'words' of \(owner) are never heard: 'gather' of the menu has no 'speech'; add speech: true",
                at: section.mark(of: "words"))
        }
        for word in words where SearchWords.all(in: word).isEmpty {
            session.error(
                "invalid_value", "'\(word.prefix(60))' in 'words' of \(owner) is no word; write what people say",
                at: section.mark(of: "words"))
        }
        let step = step(section, owner, node.mark, 0)
        section.finish()
        return (step, words)
    }

    /// What is heard.
    func prompt(_ section: SectionReader, _ owner: String) -> SpokenPrompt {
        SpokenPrompt(
            say: section.node("say").flatMap { session.localized($0, for: "'say' of \(owner)") },
            play: section.value("play", "the https URL of a sound file") { text in
                BaseURL(text).flatMap { $0.isSecure ? $0.text : nil }
            })
    }

    private func step(_ section: SectionReader, _ owner: String, _ mark: YAMLMark, _ depth: Int) -> MenuStep {
        let prompt = prompt(section, owner)
        let language = section.text("language")
        let needsPIN = section.boolean("pin") ?? false
        if needsPIN { session.checkPIN(of: section) }
        let target = section.reference("menu", to: .menu)
        let search = section.node("search").flatMap { SearchSection(session: session).read($0, of: owner) }
        let review = section.value("review", "a name of letters, digits, '_', '.' and '-'") {
            ScalarText.isName($0) ? $0 : nil
        }
        let voicemail = section.node("voicemail").flatMap { self.voicemail($0, owner) }
        let hangsUp = section.boolean("hangup") ?? false
        let dial = dial(section, owner, depth)
        let chosen = ["dial", "search", "review", "voicemail", "hangup"].filter(section.has)
        if chosen.count > 1 {
            session.error("two_actions", "\(owner) has \(chosen.joined(separator: " and ")); keep one", at: mark)
        }
        let next: MenuNext
        if let dial {
            next = .dial(dial)
        } else if let search {
            next = .search(search, then: target)
        } else if let review {
            next = .review(kind: review)
        } else if let voicemail {
            next = .voicemail(voicemail)
        } else {
            next = hangsUp ? .hangup : .menu(target ?? menu)
        }
        var step = MenuStep(next)
        step.prompt = prompt
        step.language = language
        step.needsPIN = needsPIN
        return step
    }

    private func voicemail(_ node: YAMLNode, _ owner: String) -> Voicemail? {
        let title = "'voicemail' of \(owner)"
        guard let section = SectionReader(session, node, section: "voicemail", title: title) else { return nil }
        let limit = section.duration("max", in: .seconds(1) ... .seconds(600)) ?? .seconds(120)
        let review = section.value("review", "a name of letters, digits, '_', '.' and '-'") {
            ScalarText.isName($0) ? $0 : nil
        }
        let isTranscribed = section.boolean("transcribe") ?? false
        section.finish()
        return Voicemail(limit: limit, review: review ?? "voicemail", isTranscribed: isTranscribed)
    }

    // MARK: - dial

    private func dial(_ section: SectionReader, _ owner: String, _ depth: Int) -> MenuDial? {
        let ring = section.duration("ring", in: .seconds(5) ... .seconds(600)) ?? .seconds(30)
        let isInTurn = section.boolean("in_turn") ?? false
        let whisper = section.node("whisper").flatMap { session.localized($0, for: "'whisper' of \(owner)") }
        let mustAccept = section.boolean("accept") ?? false
        let records = section.boolean("record") ?? false
        let fallback = section.node("otherwise")
        guard let node = section.node("dial") else {
            for key in ["ring", "in_turn", "whisper", "accept", "record", "otherwise"] where section.has(key) {
                session.error(
                    "missing_key", "'\(key)' of \(owner) belongs to 'dial', which is missing",
                    at: section.mark(of: key))
            }
            return nil
        }
        if mustAccept, whisper == nil {
            session.error(
                "missing_key", "\(owner) needs the key 'whisper': it says which key takes the call; add it",
                at: section.mark(of: "accept"))
        }
        var otherwise: MenuStep?
        if let fallback {
            if depth < MenuStep.maxDepth {
                otherwise = read(fallback, "'otherwise' of \(owner)", depth: depth + 1)
            } else {
                session.error(
                    "too_deep", "'otherwise' stands in 'otherwise' more than \(MenuStep.maxDepth) times; use a menu",
                    at: fallback.mark)
            }
        }
        return MenuDial(
            numbers: numbers(node, owner), ring: ring, isInTurn: isInTurn, whisper: whisper, mustAccept: mustAccept,
            records: records, otherwise: otherwise)
    }

    /// A number, several, or none where a variable is empty.
    private func numbers(_ node: YAMLNode, _ owner: String) -> [String] {
        if case .scalar = node.kind {
            return session.scalar(node, for: "'dial'").flatMap { number($0) }.map { [$0] } ?? []
        }
        let scalars = session.list(node, for: "'dial'").compactMap { session.scalar($0, for: "a number") }
        if scalars.count > 10 {
            session.error("out_of_range", "'dial' of \(owner) rings at most ten numbers; remove some", at: node.mark)
        }
        return scalars.compactMap(number)
    }

    private func number(_ scalar: Scalar) -> String? {
        if scalar.text.isEmpty { return nil }
        if let number = try? E164(parsing: scalar.text) { return number.text }
        session.error(
            "invalid_number", "\(scalar.shown) is no number to dial; write it as \"+41791234567\"", at: scalar.mark)
        return nil
    }
}
