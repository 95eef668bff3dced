import Templates
import YAML

/// An entry under `templates:`.
public struct TemplateDefinition: NamedDefinition {
    /// As envelopes, steps and replies refer to it.
    public var name: String
    /// For every channel that has no text of its own.
    public var text: LocalizedText?
    /// What single kinds of channels have of their own, in the file's order.
    public var channels: [ChannelTemplate]
    /// Where the file defines it.
    public var mark: YAMLMark

    /// A kind's own content; `nil` when it has none.
    public func own(_ kind: ChannelKind) -> ChannelTemplate? { channels.first { $0.kind == kind } }

    /// The text for a kind and locale: the kind's own in any fitting locale, else the general one.
    public func text(for kind: ChannelKind, locale: String, fallback: String) -> LocalizedText.Entry? {
        own(kind)?.text?.entry(for: locale, fallback: fallback) ?? text?.entry(for: locale, fallback: fallback)
    }

    /// What a call says: the kind's `say`, else its text.
    public func spoken(for kind: ChannelKind, locale: String, fallback: String) -> LocalizedText.Entry? {
        own(kind)?.say?.entry(for: locale, fallback: fallback) ?? text(for: kind, locale: locale, fallback: fallback)
    }
}

/// The content of a template on one kind of channel.
public struct ChannelTemplate: Sendable {
    /// The word of the channel's `adapter:`.
    public var kind: ChannelKind
    /// Replaces the general text; `nil` when the kind has none of its own.
    public var text: LocalizedText?
    /// Approved templates at the provider, by locale.
    public var contentIDs: [LocalizedID]
    /// The values of the approved template's placeholders, in their order.
    public var variables: [Variable]
    /// What a call says.
    public var say: LocalizedText?
    /// What is left on a machine; `nil` for the channel's neutral sentence.
    public var voicemail: LocalizedText?
    /// Where the file defines it.
    public var mark: YAMLMark

    /// A provider's id for one locale.
    public struct LocalizedID: Sendable, Hashable {
        /// BCP 47 as written.
        public var locale: String
        /// Such as Twilio's `HX…`.
        public var id: String
    }

    /// One value, such as `warranty_end | date`.
    public struct Variable: Sendable {
        /// The expression, compiled; its text is as written, without braces.
        public var template: Template
    }

    /// The provider's id for a locale, falling back as texts do.
    public func contentID(for locale: String, fallback: String) -> LocalizedID? {
        for candidate in LocaleChain.candidates(locale, fallback: fallback) {
            let wanted = candidate.lowercased()
            if let found = contentIDs.first(where: { $0.locale.lowercased() == wanted }) { return found }
        }
        return nil
    }
}
