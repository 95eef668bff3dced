/// The adapters, providers and stores that a program is built with: what channels.yaml may name, and what each can do.
public struct AdapterCatalogue: Sendable {
    /// In the order of suggestions.
    public var channels: [ChannelEntry]
    /// In the order of suggestions.
    public var providers: [ProviderEntry]
    /// Words before the colon of `store:`, such as `sqlite`.
    public var stores: [String]

    /// What a program offers.
    public init(channels: [ChannelEntry], providers: [ProviderEntry], stores: [String]) {
        self.channels = channels
        self.providers = providers
        self.stores = stores
    }

    /// A word of `adapter:` under `channels:`.
    public struct ChannelEntry: Sendable {
        /// The word itself.
        public var kind: ChannelKind
        /// What steps and templates may ask of it.
        public var capabilities: ChannelCapabilities
        /// Needs `from:`.
        public var needsSender: Bool

        /// A channel that the program has.
        public init(kind: ChannelKind, capabilities: ChannelCapabilities, needsSender: Bool = true) {
            self.kind = kind
            self.capabilities = capabilities
            self.needsSender = needsSender
        }
    }

    /// A word of `adapter:` under `providers:`.
    public struct ProviderEntry: Sendable {
        /// Such as `twilio`.
        public var word: String
        /// The channels it can serve.
        public var kinds: [ChannelKind]
        /// Its own keys, besides `adapter` and `api`.
        public var keys: [ProviderKey]
        /// The real API's base URL, used when `api:` is absent; `nil` when the provider reaches no API of its own.
        public var defaultAPI: String?
        /// Channels may name it without an entry under `providers:`.
        public var isBuiltIn: Bool

        /// A provider that the program has.
        public init(
            word: String, kinds: [ChannelKind], keys: [ProviderKey], defaultAPI: String? = nil, isBuiltIn: Bool = false
        ) {
            self.word = word
            self.kinds = kinds
            self.keys = keys
            self.defaultAPI = defaultAPI
            self.isBuiltIn = isBuiltIn
        }
    }

    /// A key of a provider's entry.
    public struct ProviderKey: Sendable, Hashable {
        /// As written in the file, snake_case.
        public var name: String
        /// Also readable from a file as `NAME_file`; never written by `config print`, never part of a snapshot.
        public var isSecret: Bool
        /// Must have a value, except towards the simulator.
        public var isRequired: Bool
        /// A channel of this kind cannot do without it, except towards the simulator.
        public var requiredBy: ChannelKind?
        /// The only values that it takes; empty for any text.
        public var words: [String] = []
        /// Says nothing without this other key.
        public var partner: String?

        /// A key with a text as its value.
        public init(_ name: String, isSecret: Bool = false, isRequired: Bool = false, requiredBy: ChannelKind? = nil) {
            self.name = name
            self.isSecret = isSecret
            self.isRequired = isRequired
            self.requiredBy = requiredBy
        }

        /// The key with the values that it takes.
        public func taking(_ words: String...) -> Self {
            var key = self
            key.words = words
            return key
        }

        /// The key with the one that it goes with.
        public func with(_ partner: String) -> Self {
            var key = self
            key.partner = partner
            return key
        }
    }

    /// The channel of a kind; `nil` when the program has none.
    public func channel(_ kind: ChannelKind) -> ChannelEntry? { channels.first { $0.kind == kind } }

    /// The provider of a word; `nil` when the program has none.
    public func provider(_ word: String) -> ProviderEntry? { providers.first { $0.word == word } }
}
