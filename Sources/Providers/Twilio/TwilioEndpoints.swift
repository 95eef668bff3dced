/// Where the products of an account lie.
struct TwilioEndpoints: Sendable, Hashable {
    /// The root that relative paging URIs of the 2010 API belong to.
    let root: String
    /// `…/2010-04-01/Accounts/{sid}`.
    let account: String
    /// Where messages are created, below `account`.
    let messages: String
    /// The path of `account` alone.
    let accountPath: String
    /// `…/v1` of the video product.
    let video: String

    /// Product hosts for `https://api[.edge][.region].twilio.com`, product paths for any other base.
    init(baseURL: String, accountSid: String) {
        var base = baseURL[...]
        while base.hasSuffix("/") { base.removeLast() }
        root = String(base)
        accountPath = "/2010-04-01/Accounts/" + accountSid
        account = root + accountPath
        messages = account + "/Messages.json"
        let api = "https://api."
        if base.hasPrefix(api), base.hasSuffix(".twilio.com"), !base.dropFirst(api.count).contains("/") {
            video = "https://video." + base.dropFirst(api.count) + "/v1"
        } else {
            video = root + "/video/v1"
        }
    }
}
