import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("what other systems are told", .serialized)
    struct OutgoingTests {
        @Test("a receiver that was down is told after kill -9, with the id of the first try")
        func killed() throws {
            let receiver = try HookReceiver()
            receiver.answer(503)
            var setup = Setup(chain: "[{ channel: sms }]")
            setup.onExhausted = "{ webhook: \"\(receiver.url)\" }"
            setup.simulator = "  phones: { default: { sms: { undelivered: 30003 } } }"
            let first = try RunningGateway(setup.yaml)
            let id = try first.accept(["to": "+41791112233", "text": "hello"])
            try first.wait(for: id, ["exhausted"])
            let tried = try eventually("the first try") { receiver.requests.first }
            // The refusal is on disk before the kill only by chance; either way the same is told again.
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            let before = receiver.requests.count
            receiver.answer(200)
            let second = try RunningGateway(setup.yaml, in: first.folder)
            let told = try eventually("the try after the restart") { receiver.requests.dropFirst(before).first }
            #expect(told.headers[first: "webhook-id"]?.hasPrefix("evt_") == true)
            #expect(told.headers[first: "webhook-id"] == tried.headers[first: "webhook-id"])
            #expect(told.body == tried.body)
            let body = try JSONValue(parsing: told.body)
            #expect(body["type"]?.string == "delivery.exhausted")
            #expect(body["message"]?.string == id)
            try eventually("the metric") {
                let metrics = try Web.send(try Web.request("GET", second.privateURL + "/metrics")).text
                return metrics.contains("gateway_outgoing_tries_total{outcome=\"told\"} 1")
                    && metrics.contains("gateway_outgoing_waiting 0") ? true : nil
            }
        }
    }
}
