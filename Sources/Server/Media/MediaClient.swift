import Gateway
import HTTP

/// Makes the requests for files. A hop to the provider's own origin may have any address, every other a public one
/// alone.
public final class MediaClient: Sendable {
    private let client: HTTPClient
    private let publicClient: HTTPClient

    /// - Parameters:
    ///   - client: reaches every address.
    ///   - publicClient: reaches public addresses alone.
    public init(client: HTTPClient, publicClient: HTTPClient) {
        self.client = client
        self.publicClient = publicClient
    }

    /// Begins a request.
    /// - Parameter headers: sent with a hop that signs in, and with no other.
    func fetch(_ hop: MediaHop, headers: [ProviderField], timeout: Duration, into intake: HTTPBodyIntake)
        -> HTTPClientCall
    {
        var fields = HTTPHeaders([("Accept", "*/*")])
        if hop.signsIn { for field in headers { fields.add(field.name, field.value) } }
        let request = HTTPClientRequest(method: "GET", url: hop.url, headers: fields, timeout: timeout)
        return (hop.isProviders ? client : publicClient).receive(request, into: intake)
    }
}

extension MediaReason {
    /// Why an exchange that failed brought no file.
    init(_ error: HTTPClientError) {
        switch error.code {
        case .tooLarge: self = .tooLarge
        case .notPublic: self = .privateAddress
        case .timeout: self = .timeout
        case .connectionClosed, .badResponse, .writeFailed, .cancelled: self = .interrupted
        case .dns, .connect, .tls: self = .unavailable
        case .invalidRequest: self = .badURL
        }
    }

    /// Why a status brings no file; `nil` for one that does, and for redirects.
    init?(status: Int) {
        switch status {
        case 200, 301, 302, 303, 307, 308: return nil
        case 401, 403, 407: self = .accessDenied
        case 404, 410: self = .notFound
        case 408, 425, 429, 500...599: self = .unavailable
        default: self = .httpError
        }
    }
}
