import Dispatch
import EventLoop
import HTTP
import JSON
import Synchronization
import TLS

/// The API over HTTP.
final class HTTPGatewayAPI: GatewayAPI {
    /// How long an answer may take.
    private static let usual = Duration.seconds(30)
    /// The same for a table, which is read to its end before it is answered.
    private static let ofTables = Duration.seconds(600)

    private let access: APIAccess
    private let group: EventLoopGroup
    private let client: HTTPClient

    /// Connects with the first request.
    init(_ access: APIAccess) throws(CommandFailure) {
        self.access = access
        do {
            group = try EventLoopGroup(count: 1)
            let tls = access.url.origin.isTLS ? try TLSClientContext() : nil
            client = HTTPClient(group: group, tls: tls)
            try group.start()
        } catch {
            throw CommandFailure("no_client", "no connection can be made: \(error)")
        }
    }

    deinit {
        client.shutdown()
        group.stop()
    }

    func exchange(_ request: APIRequest) throws(CommandFailure) -> APIAnswer {
        guard let url = access.url(of: request.path) else {
            throw CommandFailure("bad_url", "'\(request.path)' cannot be a part of a URL")
        }
        var headers = HTTPHeaders([("Authorization", "Bearer " + access.key), ("Accept", "application/json")])
        if request.csv != nil {
            headers.add("Content-Type", "text/csv")
        } else if request.body != nil {
            headers.add("Content-Type", "application/json")
        }
        if let key = request.idempotencyKey { headers.add("Idempotency-Key", key) }
        let result = HTTPExchange().run(
            HTTPClientRequest(
                method: request.method, url: url, headers: headers, body: request.csv ?? request.body?.bytes() ?? [],
                timeout: request.csv == nil ? Self.usual : Self.ofTables),
            on: client)
        switch result {
        case .success(let response): return try answer(response)
        case .failure(let error): throw failure(error)
        }
    }

    /// The longest time and body of a download.
    private static let longest = (time: Duration.seconds(3_600), bytes: 1 << 31)

    func receive(
        _ path: String, _ write: ([UInt8]) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        guard let url = access.url(of: path) else {
            throw CommandFailure("bad_url", "'\(path)' cannot be a part of a URL")
        }
        let arrived = DispatchSemaphore(value: 0)
        let intake = HTTPBodyIntake(bodyBytes: Self.longest.bytes) { arrived.signal() }
        let headers = HTTPHeaders([("Authorization", "Bearer " + access.key)])
        let call = client.receive(
            HTTPClientRequest(method: "GET", url: url, headers: headers, timeout: Self.longest.time), into: intake)
        defer { call.cancel() }
        // The problem of an answer that is none of success.
        var problem: HTTPResponse?
        while true {
            switch intake.take() {
            case .nothing: arrived.wait()
            case .head(let head): problem = head.status == 200 ? nil : head
            case .bytes(let bytes):
                if problem == nil { try write(bytes) } else { problem?.body += bytes.prefix(65_536) }
            case .failed(let error): throw failure(error)
            case .end:
                guard let problem else { return }
                _ = try answer(problem).success()
                throw CommandFailure("no_gateway", "the answer has status \(problem.status)")
            }
        }
    }

    private func answer(_ response: HTTPResponse) throws(CommandFailure) -> APIAnswer {
        guard !response.body.isEmpty else { return APIAnswer(status: response.status, value: .null) }
        guard let value = try? JSONValue(parsing: response.body) else {
            throw CommandFailure(
                "no_gateway",
                "what answers at \(access.url.text) is no gateway: it sent no JSON (status \(response.status))")
        }
        return APIAnswer(status: response.status, value: value)
    }

    private func failure(_ error: HTTPClientError) -> CommandFailure {
        switch error.code {
        case .connect, .dns:
            CommandFailure(
                "no_gateway", "no gateway answers at \(access.url.text); start it with 'gateway serve'")
        case .invalidRequest: CommandFailure("invalid_request", "the request cannot be sent: \(error.message)")
        default:
            CommandFailure(
                error.requestBytesWritten ? "no_answer" : "not_sent",
                "\(access.url.text): \(error.message)"
                    + (error.requestBytesWritten ? "; the gateway may have done it all the same" : ""))
        }
    }
}

/// One exchange that the calling thread waits for.
private final class HTTPExchange: Sendable {
    private let result = Mutex<Result<HTTPResponse, HTTPClientError>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func run(_ request: HTTPClientRequest, on client: HTTPClient) -> Result<HTTPResponse, HTTPClientError> {
        client.execute(request) { [self] outcome in
            result.withLock { $0 = outcome }
            done.signal()
        }
        // The client ends every exchange by its timeout.
        done.wait()
        return result.withLock { $0 }
            ?? .failure(HTTPClientError(code: .cancelled, requestBytesWritten: true, message: "no answer"))
    }
}
