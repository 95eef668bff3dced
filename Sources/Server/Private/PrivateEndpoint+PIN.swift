import Gateway
import HTTP
import JSON

// The PIN of a contact. It is told to nobody, not even to whoever set it.

extension PrivateEndpoint {
    func pin(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch request.method {
        case "GET":
            _ = try authorize(request, "contacts:read")
            recordsThread.run { [self] in
                show(id, respond) { (contact) throws(StoreError) in Self.view(try records.pin(ofContact: contact.id)) }
            }
        case "PUT":
            _ = try authorize(request, "contacts:write")
            let pin = try Self.readPIN(try object(request))
            recordsThread.run { [self] in
                guard let record = PINRecord(pin, since: clock.now) else { return fail(.cannotWrite, respond) }
                put(record, ofContact: id, respond)
            }
        case "DELETE":
            _ = try authorize(request, "contacts:write")
            recordsThread.run { [self] in put(nil, ofContact: id, respond) }
        default: throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, PUT, DELETE")
        }
    }

    private static func readPIN(_ body: JSONObject) throws(Problem) -> PIN {
        var faults = RequestFaults()
        faults.addUnknown(of: body, ["pin"])
        switch body["pin"]?.string.flatMap({ PIN($0) }) {
        case let pin? where !pin.isGuessed:
            try faults.check()
            return pin
        case nil: faults.add("/pin", body["pin"] == nil ? "is missing" : "must be a text of 4 to 12 digits")
        default: faults.add("/pin", "is one of those that are tried first; take another one")
        }
        throw faults.problem
    }

    /// Runs on the records thread.
    private func put(_ pin: PINRecord?, ofContact id: String, _ respond: HTTPResponder) {
        show(id, respond) { (contact) throws(StoreError) in
            _ = try records.putPIN(pin, ofContact: contact.id)
            return Self.view(pin)
        }
    }

    private static func view(_ pin: PINRecord?) -> JSONValue {
        ["set": .bool(pin != nil), "since": pin.map { .string(MessageViews.time($0.since)) } ?? .null]
    }
}
