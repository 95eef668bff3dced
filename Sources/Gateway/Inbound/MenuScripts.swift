import Templates
import Zones

/// What a caller hears on the way through menus. Pure.
struct MenuScripts {
    let directory: ConfigurationDirectory
    /// The call, who calls, and what the searches found.
    let inbound: InboundContext
    private let call: InboundCall
    private let walk: MenuWalk

    /// - Parameters:
    ///   - menu: the menu with which the rule answers calls.
    ///   - pin: whether it is the caller, where that is known otherwise.
    init(
        directory: ConfigurationDirectory, inbound: InboundContext, menu: String, call: InboundCall,
        pin: PINStanding? = nil
    ) {
        self.directory = directory
        self.inbound = inbound
        self.call = call
        let pin = pin ?? inbound.pin
        walk = MenuWalk(
            menu: menu, call: call, in: directory.configuration, now: inbound.now,
            isProven: pin == .proven || pin == .answered)
    }

    private var fallback: String { directory.configuration.gateway.defaultLocale }
    private var locale: String { walk.language ?? inbound.locale ?? fallback }

    /// The document for the call.
    var script: CallScript {
        var verbs = walk.stops.flatMap { stop in
            heard(stop.step.prompt, stop.menu)
                + [stop.step.next].compactMap { next in
                    if case .search(let search, _) = next { spoken(search, stop.menu) } else { nil }
                }
        }
        if let asked = walk.asked {
            // What is heard before belongs to the prompt: whoever knows the menu need not wait.
            return CallScript(ask(asked.menu, rounds: asked.rounds, after: verbs))
        }
        if let guarded = walk.guarded { return CallScript(verbs + askPIN(guarded)) }
        if let end = walk.end { verbs += self.verbs(of: end) }
        return CallScript(verbs + [.hangup])
    }

    /// The review that the caller's choice opens; `nil` for none.
    var review: String? {
        if walk.guarded != nil { return refusal }
        if case .review(let kind)? = walk.end?.step.next { return kind }
        guard let search = walk.search else { return nil }
        if !inbound.contactVerified { return search.unverified == nil ? "unverified_sender" : nil }
        return found(search) == nil ? "search_failed" : nil
    }

    /// The search that the caller's choice asks for; `nil` for none.
    var search: SearchAction? { walk.search }

    // MARK: PIN

    /// Why somebody is to look at it: nobody may try any more, or nobody can.
    private var refusal: String? {
        switch inbound.pin {
        case .refused(.last): "pin_locked"
        case .missing: directory.configuration.pin?.missing == nil ? "pin_missing" : nil
        default: nil
        }
    }

    /// Asks for the PIN, or says why not.
    private func askPIN(_ stop: MenuWalk.Stop) -> [CallVerb] {
        guard let settings = directory.configuration.pin else { return [.hangup] }
        func said(_ template: String?) -> [CallVerb] {
            [template].compactMap { $0 }.compactMap { spoken(template: $0, [:], stop.menu) }
        }
        switch inbound.pin {
        case .locked, .refused(.last), .refused(.locked): return said(settings.locked) + [.hangup]
        case .missing: return said(settings.missing) + [.hangup]
        case .unproven, .refused(.wrong), .proven, .answered: break
        }
        let isWrong = inbound.pin == .refused(.wrong)
        let gather = CallGather(
            digits: PIN.maxDigits, timeoutSeconds: 10, language: locale, action: action("menu-pin", stop),
            prompt: said(isWrong ? settings.wrong ?? settings.ask : settings.ask))
        // Where nothing was chosen nothing follows: a silent caller would be asked for ever.
        guard stop.place.origin != .finally, stop.place.origin != .closed else { return [.gather(gather), .hangup] }
        // Whoever knows no PIN is asked what else they want.
        var again = action("menu-select", menu: stop.menu.name)
        again.rounds = 1
        return [.gather(gather), .redirect(again)]
    }

    // MARK: what is spoken

    private func found(_ search: SearchAction) -> DocumentsFound? {
        inbound.found.first { $0.search.action == search }
    }

    /// What is said of a search: nothing of a boat to somebody who is not verified.
    private func spoken(_ search: SearchAction, _ menu: MenuDefinition) -> CallVerb? {
        if !inbound.contactVerified { return search.unverified.flatMap { spoken(template: $0, [:], menu) } }
        return found(search).flatMap { spoken(template: $0.template, $0.values, menu) }
    }

    private func spoken(template name: String, _ values: [String: TemplateValue], _ menu: MenuDefinition) -> CallVerb? {
        directory.configuration.templates[name]?.spoken(for: .voice, locale: locale, fallback: fallback).flatMap {
            say($0, values, menu)
        }
    }

    /// What the last step does.
    private func verbs(of stop: MenuWalk.Stop) -> [CallVerb] {
        switch stop.step.next {
        case .dial(let dial) where !dial.numbers.isEmpty:
            var verb = CallDial(dial.numbers)
            verb.ringSeconds = seconds(dial.ring)
            verb.isInTurn = dial.isInTurn
            verb.action = action("support-transfer", stop)
            if dial.whisper != nil { verb.whisper = action("whisper", stop) }
            if dial.records { verb.recording = action("recording", stop) }
            return [.dial(verb)]
        case .voicemail(let voicemail):
            var verb = CallRecording(maxSeconds: seconds(voicemail.limit), recording: action("recording", stop))
            verb.action = action("voicemail", stop)
            if voicemail.isTranscribed { verb.transcript = action("transcription", stop) }
            return [.record(verb)]
        case .dial, .menu, .search, .review, .hangup: return []
        }
    }

    private func action(_ purpose: String, _ stop: MenuWalk.Stop) -> CallAction {
        var action = action(purpose, menu: stop.menu.name)
        action.place = stop.place.text
        return action
    }

    private func action(_ purpose: String, menu: String) -> CallAction {
        var action = CallAction(purpose: purpose, turn: String(call.nextTurn), menu: menu)
        action.language = walk.language
        return action
    }

    private func seconds(_ duration: Duration) -> Int { max(1, Int(duration.milliseconds / 1_000)) }

    /// The menu in a Gather; when nothing is chosen it is asked for again.
    private func ask(_ menu: MenuDefinition, rounds: Int, after heard: [CallVerb]) -> [CallVerb] {
        var action = action("menu-select", menu: menu.name)
        action.rounds = rounds
        var gather = CallGather(
            digits: menu.gather.digits, timeoutSeconds: seconds(menu.gather.timeout),
            language: menu.prompt.say?.entry(for: locale, fallback: fallback)?.locale ?? locale, action: action,
            prompt: heard + self.heard(menu.prompt, menu))
        gather.takesSpeech = menu.gather.takesSpeech
        gather.hints = menu.options.flatMap(\.words)
        gather.takesHash = menu.options.contains { $0.keys.contains("#") }
        action.rounds += 1
        return [.gather(gather), .redirect(action)]
    }

    private func heard(_ prompt: SpokenPrompt, _ menu: MenuDefinition) -> [CallVerb] {
        var verbs: [CallVerb] = []
        if let url = prompt.play { verbs.append(.play(url: url)) }
        if let entry = prompt.say?.entry(for: locale, fallback: fallback), let verb = say(entry, [:], menu) {
            verbs.append(verb)
        }
        return verbs
    }

    private func say(
        _ entry: LocalizedText.Entry, _ values: [String: TemplateValue], _ menu: MenuDefinition
    ) -> CallVerb? {
        let zone = ZoneCache.zone(directory.configuration.gateway.timeZone)
        let context = TemplateContext(locale: entry.locale, zone: zone, values: values)
        return (try? entry.template.render(in: context)).map {
            .say($0, language: entry.locale, voice: menu.voice(for: entry.locale))
        }
    }
}

extension MenuDefinition {
    /// Who speaks a language; `nil` for the provider's usual voice.
    fileprivate func voice(for locale: String) -> String? {
        guard !voices.isEmpty else { return nil }
        for candidate in LocaleChain.candidates(locale, fallback: "*") {
            if let voice = voices[candidate.lowercased()] { return voice }
        }
        return nil
    }
}

/// What is said to whoever picks up when a menu dials them.
struct MenuWhisper {
    let configuration: GatewayConfiguration

    /// An empty document connects; a key must be pressed first where the step says so.
    func script(_ call: InboundCall) -> CallScript {
        guard let menu = call.menu.flatMap({ configuration.menus[$0] }), let place = call.place.flatMap(MenuPlace.init),
            case .dial(let dial)? = menu.step(at: place)?.next, let text = dial.whisper
        else { return CallScript([]) }
        if !call.digits.isEmpty { return CallScript([]) }
        let fallback = configuration.gateway.defaultLocale
        let zone = ZoneCache.zone(configuration.gateway.timeZone)
        guard let entry = text.entry(for: fallback, fallback: fallback),
            let said = try? entry.template.render(in: TemplateContext(locale: entry.locale, zone: zone, values: [:]))
        else { return CallScript([]) }
        let say = CallVerb.say(said, language: entry.locale, voice: menu.voice(for: entry.locale))
        guard dial.mustAccept else { return CallScript([say]) }
        var action = CallAction(purpose: "whisper", turn: String(call.nextTurn), menu: menu.name)
        action.place = place.text
        let gather = CallGather(digits: 1, timeoutSeconds: 10, language: entry.locale, action: action, prompt: [say])
        return CallScript([.gather(gather), .hangup])
    }
}
