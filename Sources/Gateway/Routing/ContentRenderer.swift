import JSON
import Templates
import Zones

/// Renders a step's content for one recipient, from the snapshot's templates or the envelope's own text.
///
/// A class, because every event of a delivery asks one that is shared.
public final class ContentRenderer: Sendable {
    let snapshot: ConfigurationSnapshot
    let abilities: ChannelAbilities
    /// Makes the acknowledgement link of a delivery.
    let links: AcknowledgementLinks

    /// A renderer over a snapshot.
    public init(snapshot: ConfigurationSnapshot, abilities: ChannelAbilities, links: AcknowledgementLinks) {
        self.snapshot = snapshot
        self.abilities = abilities
        self.links = links
    }

    /// The content of a step.
    /// - Throws: `TemplateError` naming the missing variable's path.
    public func content(
        of step: StepDefinition, kind: ChannelKind, job: DeliveryJob
    ) throws(TemplateError) -> StepContent {
        guard let name = step.template ?? job.envelope.template, let template = snapshot.templates[name] else {
            return finish(StepContent(text: job.envelope.text ?? "", language: job.recipient.locale), kind, step, job)
        }
        let locale = job.envelope.locale ?? job.recipient.locale
        let fallback = snapshot.defaultLocale
        let entry =
            kind == .voice
            ? template.spoken(for: kind, locale: locale, fallback: fallback)
            : template.text(for: kind, locale: locale, fallback: fallback)
        let language = entry?.locale ?? fallback
        let context = context(job, language)
        var content = StepContent(text: try entry?.template.render(in: context) ?? "", language: language)
        if let own = template.own(kind) {
            if let voicemail = own.voicemail?.entry(for: locale, fallback: fallback) {
                content.voicemail = try voicemail.template.render(in: context)
            }
            content.template = try approved(own, job, locale, fallback)
        }
        return finish(content, kind, step, job)
    }

    private func approved(
        _ own: ChannelTemplate, _ job: DeliveryJob, _ locale: String, _ fallback: String
    ) throws(TemplateError) -> TemplateContent? {
        guard let id = own.contentID(for: locale, fallback: fallback) else { return nil }
        let context = context(job, id.locale)
        var values: [String] = []
        for variable in own.variables { values.append(try variable.template.render(in: context)) }
        return TemplateContent(contentID: id.id, variables: values)
    }

    /// Media degrades to links in a text, and to a notice in a call.
    private func finish(
        _ content: consuming StepContent, _ kind: ChannelKind, _ step: StepDefinition, _ job: DeliveryJob
    ) -> StepContent {
        content.requiresMedia = step.requiresMedia
        guard !job.envelope.media.isEmpty else { return content }
        if abilities.takesMedia(kind) {
            content.media = job.envelope.media
        } else if kind == .voice {
            content.text += " " + FixedTexts.attachmentNotice(content.language)
        } else {
            content.text += job.envelope.media.reduce(into: "") { $0 += "\n" + $1 }
        }
        return content
    }

    // MARK: values

    private func context(_ job: DeliveryJob, _ language: String) -> TemplateContext {
        let links = links
        return TemplateContext(locale: language, zone: ZoneCache.zone(job.recipient.timeZone)) { path in
            switch path {
            case "contact.name": job.recipient.contactName.map(TemplateValue.text)
            case "boat.name": job.recipient.boatName.map(TemplateValue.text)
            case "message.id": .text(job.message.text(.message))
            case "ack_link": .text(links.url(of: job.delivery))
            default: Self.value(path, in: job.envelope.variables)
            }
        }
    }

    /// A value by its dotted path.
    static func value(_ path: String, in variables: JSONObject) -> TemplateValue? {
        var value: JSONValue? = .object(variables)
        for part in path.split(separator: ".") { value = value?[String(part)] }
        switch value {
        case .string(let text): return .text(text)
        case .integer(let number): return .integer(Int(number))
        case .number(let number): return .number("\(number)")
        case .bool(let flag): return .text(flag ? "true" : "false")
        default: return nil
        }
    }
}

/// Sentences that the program itself says.
enum FixedTexts {
    static func attachmentNotice(_ language: String) -> String {
        switch language.prefix(2) {
        case "de": "Zu dieser Nachricht gehört ein Anhang. Sie erhalten ihn als Textnachricht oder im Portal."
        case "fr": "Ce message contient une pièce jointe. Vous la trouverez par message ou sur le portail."
        case "it": "Questo messaggio ha un allegato. Lo trova per messaggio o sul portale."
        case "es": "Este mensaje tiene un adjunto. Lo encontrará por mensaje o en el portal."
        default: "This message has an attachment. You will find it in a text message or in the portal."
        }
    }
}
