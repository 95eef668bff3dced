import EventLoop
import Gateway
import HTTP
import Synchronization

/// Makes the engine's exchanges with providers over HTTP and hands the answers back.
public final class ProviderExchanger: Sendable {
    private let client: HTTPClient
    private let group: EventLoopGroup
    /// Addresses that were read already: nearly all requests go to a handful.
    private let known = Mutex(KnownURLs())
    /// The header of the last request: those of a provider share one.
    private let last = Mutex(KnownHeader())

    /// Exchanges over a pooled client on the loops of its group.
    public init(client: HTTPClient, group: EventLoopGroup) {
        self.client = client
        self.group = group
    }

    /// Renders a request of the engine, makes the exchange and reads its answer, all on a loop.
    public func exchange(
        _ request: EngineRequest, _ completion: @escaping @Sendable (ExchangeOutcome) -> Void
    ) {
        let isTaken = group.next().execute { [self] in
            switch request.wire() {
            case .unsent(let outcome): completion(outcome)
            case .exchange(let wire): exchange(wire.request) { completion(wire.outcome(of: $0)) }
            }
        }
        if !isTaken { completion(request.notSent) }
    }

    /// Makes an exchange; `completion` runs on a loop.
    public func exchange(
        _ request: ProviderRequest, _ completion: @escaping @Sendable (ProviderAnswer) -> Void
    ) {
        guard let url = url(request.url) else {
            completion(.notSent(.connect))
            return
        }
        var call = HTTPClientRequest(method: request.method, url: url)
        call.headers = last.withLock { $0.headers(request.headers) }
        call.body = request.body
        call.freshConnection = request.freshConnection
        call.timeout = request.timeout
        client.execute(call) { result in completion(Self.answer(result)) }
    }

    private func url(_ text: String) -> HTTPURL? {
        known.withLock { $0.url(text) }
    }

    private struct KnownHeader {
        private var fields: [ProviderField] = []
        private var headers = HTTPHeaders()

        mutating func headers(_ fields: [ProviderField]) -> HTTPHeaders {
            // One and the same array is equal without a look at its fields.
            if fields == self.fields { return headers }
            headers = HTTPHeaders(capacity: fields.count)
            for index in fields.indices { headers.add(fields[index].name, fields[index].value) }
            self.fields = fields
            return headers
        }
    }

    private struct KnownURLs {
        private var known: [String: HTTPURL] = [:]
        private var last: (text: String, url: HTTPURL)?

        mutating func url(_ text: String) -> HTTPURL? {
            if let last, last.text == text { return last.url }
            if let url = known[text] {
                last = (text, url)
                return url
            }
            guard let url = HTTPURL(text) else { return nil }
            // Those of single messages and calls come once.
            if known.count >= 64 { known.removeAll() }
            known[text] = url
            last = (text, url)
            return url
        }
    }

    private static func answer(_ result: Result<HTTPResponse, HTTPClientError>) -> ProviderAnswer {
        switch result {
        case .success(let response):
            // What went well says all in its body: nobody reads the header of a message that was taken.
            .answered(
                status: response.status,
                headers: (200..<300).contains(response.status)
                    ? [] : response.headers.fields.map { ProviderField($0.name, $0.value) }, body: response.body)
        case .failure(let error):
            error.requestBytesWritten ? .broken(fault(error.code)) : .notSent(fault(error.code))
        }
    }

    private static func fault(_ code: HTTPClientError.Code) -> ExchangeFault {
        switch code {
        case .dns: .dns
        case .connect, .notPublic, .invalidRequest: .connect
        case .tls: .tls
        case .writeFailed: .write
        case .timeout: .timeout
        case .connectionClosed: .closed
        case .badResponse: .badResponse
        case .tooLarge: .tooLarge
        case .cancelled: .cancelled
        }
    }
}
