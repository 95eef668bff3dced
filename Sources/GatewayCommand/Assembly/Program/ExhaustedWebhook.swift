import Gateway
import HTTP
import JSON
import Telemetry

/// `on_exhausted: webhook`: tells a URL that a chain ended without success. At most once, without retries: subscribers
/// that must not miss it read the reviews.
struct ExhaustedWebhook: Sendable {
    let client: HTTPClient
    let log: Log

    func tell(_ url: String, _ delivery: RecordID) {
        guard let url = HTTPURL(url) else { return }
        var request = HTTPClientRequest(method: "POST", url: url)
        request.headers = HTTPHeaders([("Content-Type", "application/json")])
        let body: JSONValue = ["type": "delivery.exhausted", "delivery": .string(delivery.text(.delivery))]
        request.body = body.bytes()
        client.execute(request) { [log] result in
            if case .success(let response) = result, response.status < 300 { return }
            log.write(.warn, "exhausted_webhook_failed", [.delivery(delivery.logged(.delivery))])
        }
    }
}
