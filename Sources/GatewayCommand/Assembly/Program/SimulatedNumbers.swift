import Crypto
import Forms
import Gateway
import HTTP
import JSON
import Server

/// Sets the webhooks of the simulator's numbers, as an operator does at Twilio: IncomingPhoneNumbers with SmsUrl and
/// VoiceUrl.
struct SimulatedNumbers {
    let client: HTTPClient
    let access: SimulatorAccess
    let publicURL: String

    /// Registers every sender that is a number. Blocks until the simulator answered.
    func register(_ lanes: [LaneSettings]) {
        var seen: Set<String> = []
        for lane in lanes where lane.sender.hasPrefix("+") && seen.insert(lane.sender).inserted {
            // A provider's webhooks lie below its own name.
            let webhooks = publicURL + "/webhooks/" + PercentCoding.encode(lane.provider)
            let form = Form([
                ("PhoneNumber", lane.sender), ("SmsUrl", webhooks + "/sms"),
                ("VoiceUrl", webhooks + "/voice/inbound"), ("StatusCallback", webhooks + "/voice/status"),
            ])
            post("/2010-04-01/Accounts/\(access.accountSID)/IncomingPhoneNumbers.json", form)
        }
    }

    private func post(_ path: String, _ form: Form) {
        guard let url = HTTPURL(access.baseURL + path) else { return }
        var request = HTTPClientRequest(method: "POST", url: url)
        let credentials = Base64.encode(Array("\(access.accountSID):\(access.authToken)".utf8))
        request.headers = HTTPHeaders([
            ("Authorization", "Basic " + credentials), ("Content-Type", "application/x-www-form-urlencoded"),
        ])
        request.body = form.encode()
        let waiter = Waiter(count: 1)
        client.execute(request) { _ in waiter.signal() }
        waiter.wait(upTo: .seconds(5))
    }
}
