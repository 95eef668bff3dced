import Gateway

extension Twilio: MediaProvider {
    /// Where the API is: `MediaUrl0` of a message leads there, and the answer on to wherever the file lies.
    public var mediaOrigin: String { endpoints.root }

    /// Basic authentication, as for every request.
    public var mediaHeaders: [ProviderField] { [signIn] }
}
