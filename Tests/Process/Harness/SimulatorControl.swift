import HTTP
import JSON

/// The control API of a simulator.
struct SimulatorControl {
    let url: String

    /// A request that the gateway sent.
    struct Request {
        let number: Int
        /// Unix milliseconds of the provider's clock.
        let time: Int64
        let method: String
        let path: String
        let target: String
        let status: Int?
        let form: [(String, String)]

        subscript(_ name: String) -> String? { form.first { $0.0 == name }?.1 }

        init(_ value: JSONValue) {
            number = Int(value["number"]?.int ?? 0)
            time = value["time"]?.int ?? 0
            method = value["method"]?.string ?? ""
            path = value["path"]?.string ?? ""
            target = value["target"]?.string ?? ""
            status = value["status"]?.int.map { Int($0) }
            form = Self.pairs(value["form"])
        }

        static func pairs(_ value: JSONValue?) -> [(String, String)] {
            (value?.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }
        }
    }

    /// A webhook that the simulator sent.
    struct Webhook {
        /// Unix milliseconds of the provider's clock.
        let time: Int64
        let url: String
        let form: [(String, String)]
        let result: JSONValue

        subscript(_ name: String) -> String? { form.first { $0.0 == name }?.1 }
    }

    /// Requests whose path contains `path`, without look-ups of numbers.
    func requests(_ path: String = "", method: String = "POST") throws -> [Request] {
        let answer = try Web.send(try Web.request("GET", url + "/simulator/v1/requests?limit=100000&path=" + path))
        return (answer.json["requests"]?.array ?? []).map(Request.init)
            .filter { $0.method == method && !$0.path.contains("IncomingPhoneNumbers") }
    }

    func webhooks(_ resource: String = "") throws -> [Webhook] {
        let target = url + "/simulator/v1/webhooks?limit=100000&resource=" + resource
        let answer = try Web.send(try Web.request("GET", target))
        return (answer.json["webhooks"]?.array ?? []).map {
            Webhook(
                time: $0["time"]?.int ?? 0, url: $0["url"]?.string ?? "", form: Request.pairs($0["form"]),
                result: $0["result"] ?? .null)
        }
    }

    @discardableResult
    func send(_ method: String, _ path: String, _ body: JSONValue? = nil) throws -> HTTPResponse {
        let request = try Web.request(
            method, url + "/simulator/v1/" + path, headers: [("Content-Type", "application/json")],
            body: body?.bytes() ?? [])
        return try Web.send(request)
    }
}
