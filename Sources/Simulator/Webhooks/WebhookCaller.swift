import Crypto
import Forms
import HTTP

/// Calls the account's application: signs, retries, follows redirects, falls back and keeps a log.
final class WebhookCaller {
    /// What became of a webhook.
    enum Outcome {
        /// A usable answer and the URL it came from.
        case answer(HTTPResponse, url: String)
        /// None; the provider's error code and the URL that failed.
        case failure(code: Int, url: String)
    }

    /// A request to make.
    struct Call {
        /// `Messages`, `Calls`, `Conferences`, `Rooms` or `Recordings`.
        var resource: String
        var url: String
        /// `POST` or `GET`.
        var method = "POST"
        var form: [(String, String)]
        /// Where to go when the first URL fails; gets `ErrorCode` and `ErrorUrl`.
        var fallback: (url: String, method: String)?
    }

    /// Whether the SHA-256 variant is in force.
    var isSignedWithSHA256 = false
    private(set) var log: WebhookLog
    private let kernel: Kernel
    private let faults: FaultPlan
    private let credentials: SimulatorCredentials

    init(kernel: Kernel, faults: FaultPlan, credentials: SimulatorCredentials, logLimit: Int) {
        self.kernel = kernel
        self.faults = faults
        self.credentials = credentials
        log = WebhookLog(limit: logLimit)
    }

    /// Sends a status callback. Nobody waits for its answer, and faults can befall it.
    func notify(_ call: Call) {
        switch faults.callback(call.resource) {
        case .lost:
            let entry = WebhookLog.Entry(
                time: kernel.now, resource: call.resource, method: call.method, url: call.url,
                form: Form(call.form).encode())
            entry.result = "lost"
            log.append(entry)
        case .doubled:
            send(call) { _ in }
            kernel.after(kernel.number(in: 0...500)) { self.send(call) { _ in } }
        case .reordered:
            kernel.after(kernel.number(in: 500...3000)) { self.send(call) { _ in } }
        case .early, nil:
            send(call) { _ in }
        }
    }

    /// Asks for instructions or sends a notice, and waits for the answer.
    func send(_ call: Call, _ completion: @escaping (Outcome) -> Void) {
        attempt(call, WebhookTarget(call.url), token: token(), tries: 0, hops: 0) { outcome in
            guard case .failure(let code, let url) = outcome, let fallback = call.fallback, !fallback.url.isEmpty else {
                return completion(outcome)
            }
            var second = call
            second.url = fallback.url
            second.method = fallback.method
            second.fallback = nil
            second.form += [("ErrorCode", String(code)), ("ErrorUrl", url)]
            self.send(second, completion)
        }
    }

    private func attempt(
        _ call: Call, _ target: WebhookTarget, token: String, tries: Int, hops: Int,
        _ completion: @escaping (Outcome) -> Void
    ) {
        let request = request(call, target, token: token)
        let entry = WebhookLog.Entry(
            time: kernel.now, resource: call.resource, method: request.method, url: request.url,
            form: request.body.isEmpty ? Form(call.form).encode() : request.body)
        log.append(entry)
        kernel.call(request) { result in
            entry.answeredAt = self.kernel.now
            switch result {
            case .success(let response): entry.result = .integer(Int64(response.status))
            case .failure(let failure): entry.result = .string(failure.rawValue)
            }
            if target.retries(after: result), tries < target.retries {
                return self.attempt(call, target, token: token, tries: tries + 1, hops: hops, completion)
            }
            if let next = Self.redirect(result, from: target), hops < 10 {
                var follow = call
                follow.method = "GET"
                follow.form = []
                return self.attempt(follow, next, token: token, tries: 0, hops: hops + 1, completion)
            }
            completion(Self.outcome(result, url: target.url))
        }
    }

    private func request(_ call: Call, _ target: WebhookTarget, token: String) -> WebhookRequest {
        let isGet = call.method == "GET"
        var url = target.url
        if isGet, !call.form.isEmpty {
            url += (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + Form(call.form).text
        }
        var headers = HTTPHeaders([
            ("User-Agent", "TwilioProxy/1.1"), ("Accept", "*/*"), ("I-Twilio-Idempotency-Token", token),
        ])
        if !isGet { headers.add("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8") }
        if isSignedWithSHA256 {
            headers.add("X-Twilio-Webhooks-Signature-Settings", "key=\(credentials.keySID),algorithm=HMAC_SHA256")
        }
        let signature = WebhookSigner.signature(
            url: url, form: isGet ? [] : call.form,
            key: isSignedWithSHA256 ? credentials.keySecret : credentials.authToken,
            algorithm: isSignedWithSHA256 ? .sha256 : .sha1)
        headers.add("X-Twilio-Signature", signature)
        return WebhookRequest(
            method: isGet ? "GET" : "POST", url: url, headers: headers, body: isGet ? [] : Form(call.form).encode(),
            timeout: target.timeout)
    }

    private static func redirect(
        _ result: Result<HTTPResponse, WebhookFailure>, from target: WebhookTarget
    ) -> WebhookTarget? {
        guard case .success(let response) = result, [301, 302, 303, 307, 308].contains(response.status),
            let location = response.headers[first: "Location"]
        else { return nil }
        var next = target
        next.url = WebhookTarget.resolve(location, against: target.url)
        return next
    }

    private static func outcome(_ result: Result<HTTPResponse, WebhookFailure>, url: String) -> Outcome {
        switch result {
        case .success(let response) where response.status < 300: .answer(response, url: url)
        case .success(let response) where response.status < 400: .failure(code: 11215, url: url)
        case .success: .failure(code: 11217, url: url)
        case .failure(.connect): .failure(code: 11205, url: url)
        case .failure: .failure(code: 11200, url: url)
        }
    }

    private func token() -> String {
        let digits = String(kernel.number(in: 0...Int64.max), radix: 16)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}
