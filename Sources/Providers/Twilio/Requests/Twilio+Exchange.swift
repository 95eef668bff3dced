import Forms
import Gateway

extension Twilio {
    /// A form sent to `url`.
    func post(_ url: String, _ form: Form) -> ProviderRequest {
        ProviderRequest(
            method: "POST", url: url,
            headers: [
                authorization, ProviderField("Accept", "application/json"),
                ProviderField("Content-Type", "application/x-www-form-urlencoded"),
            ], body: form.encode())
    }

    /// A query.
    func get(_ url: String) -> ProviderRequest {
        ProviderRequest(
            method: "GET", url: url, headers: [authorization, ProviderField("Accept", "application/json")])
    }

    /// The resource of a message, call or room.
    func resource(_ providerID: String, _ kind: ChannelKind) -> String {
        let sid = PercentCoding.encode(providerID)
        if kind == .video { return endpoints.video + "/Rooms/" + sid }
        return endpoints.account + (kind == .voice ? "/Calls/" : "/Messages/") + sid + ".json"
    }
}
