import Dispatch
import EventLoop
import Foundation
import HTTP
import JSON

/// The client of these tests; one for the whole run.
enum Web {
    private static let client: HTTPClient? = {
        guard let group = try? EventLoopGroup(count: 1), (try? group.start()) != nil else { return nil }
        var limits = HTTPClientLimits()
        limits.connectionsPerOrigin = 128
        return HTTPClient(group: group, limits: limits)
    }()

    static func request(
        _ method: String, _ url: String, headers: [(String, String)] = [], body: [UInt8] = []
    ) throws -> HTTPClientRequest {
        guard let address = HTTPURL(url) else { throw Failure("no URL: \(url)") }
        return HTTPClientRequest(method: method, url: address, headers: HTTPHeaders(headers), body: body)
    }

    /// Sends one request and waits.
    static func send(_ request: HTTPClientRequest) throws -> HTTPResponse {
        let answers = sendAll([request])
        return try answers[0].get()
    }

    /// Sends all requests at once and waits for all answers, in the order of the requests.
    static func sendAll(_ requests: [HTTPClientRequest]) -> [Result<HTTPResponse, HTTPClientError>] {
        let answers = Answers(requests.count)
        guard let client else { return answers.values }
        for (index, request) in requests.enumerated() {
            client.execute(request) { answers.set(index, $0) }
        }
        answers.wait()
        return answers.values
    }
}

/// Answers that come in any order.
private final class Answers: @unchecked Sendable {
    private let lock = NSLock()
    private let done = DispatchSemaphore(value: 0)
    private let count: Int
    private var results: [Result<HTTPResponse, HTTPClientError>]

    init(_ count: Int) {
        self.count = count
        let none = HTTPClientError(code: .timeout, requestBytesWritten: false, message: "no answer")
        results = Array(repeating: .failure(none), count: count)
    }

    func set(_ index: Int, _ result: Result<HTTPResponse, HTTPClientError>) {
        lock.withLock { results[index] = result }
        done.signal()
    }

    func wait() { for _ in 0..<count { _ = done.wait(timeout: .now() + .seconds(60 * Int(Sanitizer.patience))) } }

    var values: [Result<HTTPResponse, HTTPClientError>] { lock.withLock { results } }
}

extension HTTPResponse {
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    var text: String { String(decoding: body, as: UTF8.self) }
}
