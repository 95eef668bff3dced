import Gateway
import HTTP

/// One request on the way to a file.
struct MediaHop: Sendable, Hashable {
    var url: HTTPURL
    /// The provider's credentials go with it.
    var signsIn = false
    /// It leads to the provider's own origin, which may have any address; every other must have a public one.
    var isProviders = false
}

/// Which requests may be made for a file: pure, so that no redirect gets further than this says. Credentials go with
/// the first request alone, and only to the provider's own origin.
struct MediaRoute {
    /// What to do.
    enum Step: Equatable {
        case fetch(MediaHop)
        case stop(MediaReason)
    }

    /// Redirects that are followed.
    static let mostRedirects = 5

    private let origin: HTTPURL.Origin?
    private var last: HTTPURL?
    private var redirects = 0

    /// - Parameter origin: the provider's; `nil` where it is not known any more.
    init(origin: HTTPURL.Origin?) { self.origin = origin }

    /// The first request.
    mutating func begin(_ text: String) -> Step {
        guard let url = HTTPURL(text) else { return .stop(.badURL) }
        guard mayBePlain(url) else { return .stop(.insecure) }
        return go(url, isFirst: true)
    }

    /// The answer leads elsewhere.
    mutating func redirected(to location: String?) -> Step {
        redirects += 1
        guard redirects <= Self.mostRedirects, let location, let url = last?.resolving(location), mayBePlain(url) else {
            return .stop(.badRedirect)
        }
        return go(url, isFirst: false)
    }

    /// Only where the provider itself is reached so: a stand-in on this machine.
    private func mayBePlain(_ url: HTTPURL) -> Bool { url.origin.isTLS || origin?.isTLS == false }

    private mutating func go(_ url: HTTPURL, isFirst: Bool) -> Step {
        last = url
        let isProviders = url.origin == origin
        guard isProviders || !url.namesPrivateHost else { return .stop(.privateAddress) }
        return .fetch(MediaHop(url: url, signsIn: isFirst && isProviders, isProviders: isProviders))
    }
}
