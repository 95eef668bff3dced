extension ConfigurationDirectory {
    /// Where rooms are made: the first channel of the file whose adapter makes rooms; `nil` when there is none.
    public var roomRoute: RoomRoute? {
        for channel in configuration.channels {
            guard let adapter = adapters[channel.kind] as? any RoomAdapter,
                let provider = providers[channel.provider] as? any RoomProvider
            else { continue }
            return RoomRoute(channel: channel.name, adapter: adapter, provider: provider, origin: links.origin)
        }
        return nil
    }

    /// The channel that makes rooms; `nil` when there is none.
    public var roomChannel: String? { roomRoute?.channel }
}
