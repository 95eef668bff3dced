import Gateway

/// TwiML documents for neutral answers. A document has at most 64 kB (error 11750).
enum TwiML {
    static let maxBytes = 64_000
    /// Characters of one `<Say>`.
    static let maxSay = 4_096

    /// Nothing to say: `<Response />`.
    static var empty: [UInt8] { TwiMLElement("Response").document }

    /// One `<Message>` a text. Texts that do not fit into the document are left out, last first.
    static func messages(_ texts: [String]) -> [UInt8] {
        var elements = texts.filter { !$0.isEmpty }.map { TwiMLElement("Message", text: $0) }
        var document = TwiMLElement("Response", [:], elements).document
        while document.count > maxBytes, !elements.isEmpty {
            elements.removeLast()
            document = TwiMLElement("Response", [:], elements).document
        }
        return document
    }

    /// The document of a call. One that is too long speaks less, and ends all the same: what is cut are texts first,
    /// then the verbs at the end.
    static func document(_ script: CallScript, links: WebhookLinks) -> [UInt8] {
        var limit = maxSay
        var verbs = script.verbs[...]
        while true {
            let writer = CallVerbWriter(links: links, maxSay: limit)
            let document = TwiMLElement("Response", [:], verbs.compactMap(writer.element)).document
            guard document.count > maxBytes else { return document }
            if limit > 64 {
                limit /= 2
            } else {
                verbs = verbs.prefix(verbs.count / 2)
            }
        }
    }
}

/// Neutral verbs as elements.
struct CallVerbWriter {
    let links: WebhookLinks
    let maxSay: Int

    /// `nil` for a verb that would do nothing.
    func element(_ verb: CallVerb) -> TwiMLElement? {
        switch verb {
        case .say(let text, let language, let voice):
            guard !text.isEmpty else { return nil }
            var attributes = ["language": SpokenLanguage.tag(language)]
            attributes["voice"] = voice
            return TwiMLElement("Say", attributes, text: String(text.prefix(maxSay)))
        case .play(let url): return url.isEmpty ? nil : TwiMLElement("Play", text: url)
        case .pause(let seconds): return TwiMLElement("Pause", ["length": String(min(max(seconds, 1), 180))])
        case .gather(let gather): return element(gather)
        case .redirect(let action): return TwiMLElement("Redirect", ["method": "POST"], text: links.document(action))
        case .dial(let dial): return element(dial)
        case .record(let recording): return element(recording)
        case .hangup: return TwiMLElement("Hangup")
        case .reject: return TwiMLElement("Reject")
        }
    }

    private func element(_ gather: CallGather) -> TwiMLElement {
        var attributes = [
            "action": links.document(gather.action), "input": gather.takesSpeech ? "dtmf speech" : "dtmf",
            "method": "POST", "timeout": String(min(max(gather.timeoutSeconds, 1), 120)),
        ]
        if gather.digits > 0 { attributes["numDigits"] = String(gather.digits) }
        if gather.takesHash { attributes["finishOnKey"] = "" }
        if gather.takesSpeech {
            attributes["language"] = SpokenLanguage.tag(gather.language)
            if !gather.hints.isEmpty { attributes["hints"] = gather.hints.joined(separator: ",") }
        }
        let prompt = gather.prompt.compactMap { verb -> TwiMLElement? in
            switch verb {
            case .say, .play, .pause: element(verb)
            default: nil
            }
        }
        return TwiMLElement("Gather", attributes, prompt)
    }

    private func element(_ dial: CallDial) -> TwiMLElement {
        var attributes = ["timeout": String(min(max(dial.ringSeconds, 1), 600))]
        attributes["callerId"] = dial.callerID
        if dial.isInTurn { attributes["sequential"] = "true" }
        if let recording = dial.recording {
            attributes["record"] = "record-from-answer-dual"
            attributes["recordingStatusCallback"] = links.document(recording)
        }
        follow(dial.action, &attributes)
        var whisper: [String: String] = [:]
        if let action = dial.whisper { whisper = ["url": links.document(action), "method": "POST"] }
        return TwiMLElement("Dial", attributes, dial.numbers.map { TwiMLElement("Number", whisper, text: $0) })
    }

    private func element(_ recording: CallRecording) -> TwiMLElement {
        var attributes = [
            "maxLength": String(min(max(recording.maxSeconds, 1), 14_400)),
            "recordingStatusCallback": links.document(recording.recording),
        ]
        if let transcript = recording.transcript {
            attributes["transcribe"] = "true"
            attributes["transcribeCallback"] = links.document(transcript)
        }
        follow(recording.action, &attributes)
        return TwiMLElement("Record", attributes)
    }

    private func follow(_ action: CallAction?, _ attributes: inout [String: String]) {
        guard let action else { return }
        attributes["action"] = links.document(action)
        attributes["method"] = "POST"
    }
}
