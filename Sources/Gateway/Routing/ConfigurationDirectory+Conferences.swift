extension ConfigurationDirectory {
    /// Where people are called into conferences: the first channel of the file that calls from a number and whose
    /// provider has conferences; `nil` when there is none.
    public var conferenceRoute: ConferenceRoute? {
        for lane in lanes where lane.kind == .voice && lane.sender.hasPrefix("+") {
            guard let provider = providers[lane.provider] as? any ConferenceProvider else { continue }
            return ConferenceRoute(channel: lane.channel, provider: provider, sender: lane.sender)
        }
        return nil
    }
}
