import Gateway
import JSON

extension Twilio: PricingProvider {
    /// Fetches the message or call.
    public func pollRequest(providerID: String, kind: ChannelKind) -> ProviderRequest {
        get(resource(providerID, kind))
    }

    /// What its status says now; `nil` for everything but a good answer.
    public func pollResult(of answer: ProviderAnswer, kind: ChannelKind) -> AttemptReport? {
        guard case .answered(let status, _, let body) = answer, status == 200,
            let document = try? JSONObject(parsing: body, keeping: Self.members),
            let sid = document["sid"]?.string, Self.isSid(sid), document["status"]?.string != nil, kind != .video
        else { return nil }
        var report = kind == .voice ? Self.callReport(document) : Self.messageReport(document)
        report.providerID = sid
        return report
    }

    /// `price` is a negative decimal, and null until it is known; for some failures it stays null.
    public func price(in answer: ProviderAnswer) -> ProviderPrice {
        guard case .answered(let status, _, let body) = answer, status == 200,
            let document = try? JSONValue(parsing: body), document["sid"]?.string != nil
        else { return .unanswered }
        guard let text = document["price"]?.string, let unit = document["price_unit"]?.string?.uppercased(),
            let price = Money((text.hasPrefix("-") ? String(text.dropFirst()) : text) + " " + unit)
        else { return .open }
        return .known(price)
    }
}
