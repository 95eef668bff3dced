import Forms
import Gateway

extension Twilio {
    /// A form sent to `url`.
    func post(_ url: String, _ form: FormWriter) -> ProviderRequest {
        ProviderRequest(method: "POST", url: url, headers: formHeaders, body: form.bytes)
    }

    /// A query.
    func get(_ url: String) -> ProviderRequest {
        ProviderRequest(method: "GET", url: url, headers: queryHeaders)
    }

    /// The resource of a message, call or room.
    func resource(_ providerID: String, _ kind: ChannelKind) -> String {
        let sid = PercentCoding.encode(providerID)
        if kind == .video { return endpoints.video + "/Rooms/" + sid }
        return endpoints.account + (kind == .voice ? "/Calls/" : "/Messages/") + sid + ".json"
    }
}
