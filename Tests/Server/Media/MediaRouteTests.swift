import HTTP
import Testing

@testable import Gateway
@testable import Server

@Suite("the way to a file")
struct MediaRouteTests {
    private static let provider = "https://api.twilio.com"

    private func route(_ origin: String? = provider) -> MediaRoute {
        MediaRoute(origin: origin.flatMap { HTTPURL($0)?.origin })
    }

    private func fetched(_ step: MediaRoute.Step) -> MediaHop? {
        if case .fetch(let hop) = step { hop } else { nil }
    }

    @Test(
        "credentials go to the provider's own origin alone, by scheme, host and port",
        arguments: [
            ("https://api.twilio.com/2010/Media/ME1", true), ("https://API.twilio.com:443/x", true),
            ("https://api.twilio.com.evil.example/x", false), ("https://api.twilio.com:8443/x", false),
            ("https://evil.example/api.twilio.com", false), ("https://media.twilio.com/x", false),
            ("https://evil.example/?https://api.twilio.com/", false), ("https://api.twilio.com./x", false),
        ])
    func origin(_ url: String, _ signsIn: Bool) throws {
        var route = route()
        let hop = try #require(fetched(route.begin(url)))
        #expect(hop.signsIn == signsIn && hop.isProviders == signsIn)
    }

    @Test(
        "a provider of a region has its own host for its origin, and neither the usual one nor another region's",
        arguments: [
            ("https://api.dublin.ie1.twilio.com/2010/Media/ME1", true), ("https://api.twilio.com/x", false),
            ("https://api.ie1.twilio.com/x", false), ("https://api.sydney.au1.twilio.com/x", false),
            ("https://dublin.ie1.twilio.com/x", false), ("https://x.api.dublin.ie1.twilio.com/x", false),
            ("https://api.dublin.ie1.twilio.com.evil.example/x", false),
        ])
    func region(_ url: String, _ signsIn: Bool) throws {
        var route = route("https://api.dublin.ie1.twilio.com")
        let hop = try #require(fetched(route.begin(url)))
        #expect(hop.signsIn == signsIn && hop.isProviders == signsIn)
    }

    @Test("no redirect takes them along, not even one to the same origin")
    func redirects() throws {
        var route = route()
        #expect(fetched(route.begin("https://api.twilio.com/a"))?.signsIn == true)
        for location in ["/b", "https://api.twilio.com/c", "//api.twilio.com/d", "https://cdn.example/e", "/f"] {
            let hop = try #require(fetched(route.redirected(to: location)))
            #expect(!hop.signsIn)
            #expect(hop.isProviders == (hop.url.origin.host == "api.twilio.com"))
        }
        var stranger = self.route()
        #expect(fetched(stranger.begin("https://cdn.example/a"))?.signsIn == false)
        #expect(fetched(stranger.redirected(to: "https://api.twilio.com/b"))?.signsIn == false)
    }

    @Test("five redirects are followed, a sixth is not")
    func length() {
        var route = route()
        _ = route.begin("https://api.twilio.com/0")
        for number in 1...5 { #expect(fetched(route.redirected(to: "/\(number)")) != nil) }
        #expect(route.redirected(to: "/6") == .stop(.badRedirect))
    }

    @Test("plain HTTP is taken only where the provider is reached so")
    func plain() {
        var route = route()
        #expect(route.begin("http://api.twilio.com/a") == .stop(.insecure))
        #expect(fetched(route.begin("https://api.twilio.com/a")) != nil)
        #expect(route.redirected(to: "http://cdn.example/a") == .stop(.badRedirect))
        var standIn = self.route("http://127.0.0.1:8082")
        #expect(fetched(standIn.begin("http://127.0.0.1:8082/a"))?.signsIn == true)
        #expect(fetched(standIn.redirected(to: "http://cdn.example/a"))?.isProviders == false)
    }

    @Test(
        "addresses that are not public are refused, but for the provider's own",
        arguments: ["127.0.0.1", "127.0.0.1:8083", "localhost", "10.1.2.3", "169.254.169.254", "[::1]", "0.0.0.0"])
    func privateAddresses(_ host: String) {
        var route = route()
        #expect(route.begin("https://\(host)/a") == .stop(.privateAddress))
        _ = route.begin("https://api.twilio.com/a")
        #expect(route.redirected(to: "https://\(host)/a") == .stop(.privateAddress))
        var standIn = self.route("http://127.0.0.1:8082")
        #expect(standIn.begin("http://\(host)/a") == .stop(.privateAddress))
    }

    @Test("a provider that is not known any more gets nobody's credentials")
    func unknown() {
        var route = route(nil)
        #expect(fetched(route.begin("https://api.twilio.com/a"))?.signsIn == false)
        #expect(route.begin("http://api.twilio.com/a") == .stop(.insecure))
    }

    @Test(
        "what is no address leads nowhere",
        arguments: [
            "", "/a", "ftp://a/b", "https://user:pass@api.twilio.com/", "javascript:x", "https://",
            "file:///etc/passwd",
        ])
    func bad(_ url: String) {
        var route = route()
        #expect(route.begin(url) == .stop(.badURL))
        _ = route.begin("https://api.twilio.com/a")
        if url.isEmpty || url == "/a" { return }
        #expect(route.redirected(to: url) == .stop(.badRedirect))
        #expect(route.redirected(to: nil) == .stop(.badRedirect))
    }
}
