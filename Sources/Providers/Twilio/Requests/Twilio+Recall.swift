import Forms
import Gateway

extension Twilio: RecallingProvider {
    /// Cancels a queued message or a call that nobody has answered; ends a room. A message that is on its way is
    /// refused with 30409, a call that was answered meanwhile goes on.
    public func recallRequest(providerID: String, kind: ChannelKind) -> ProviderRequest {
        var form = FormWriter()
        form.append("Status", kind == .video ? "completed" : "canceled")
        return post(resource(providerID, kind), form)
    }
}
