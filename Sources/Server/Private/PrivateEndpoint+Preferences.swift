import Gateway
import HTTP
import JSON

// Preferences of a contact: when and how it wants to be written to.

extension PrivateEndpoint {
    func preferences(_ request: HTTPRequest, _ id: String, _ respond: HTTPResponder) throws(Problem) {
        switch request.method {
        case "GET":
            _ = try authorize(request, "contacts:read")
            recordsThread.run { [self] in
                show(id, respond) { (contact) throws(StoreError) in
                    (contact.preferences ?? ContactPreferences()).value
                }
            }
        case "PUT":
            _ = try authorize(request, "contacts:write")
            let preferences = try readPreferences(try object(request))
            put(preferences, ofContact: id, respond)
        case "DELETE":
            _ = try authorize(request, "contacts:write")
            put(nil, ofContact: id, respond)
        default: throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD, PUT, DELETE")
        }
    }

    private func readPreferences(_ body: JSONObject) throws(Problem) -> ContactPreferences {
        let configuration = directory.runningConfiguration
        var kinds: [ChannelKind] = []
        for channel in configuration.channels where channel.sender != nil && !kinds.contains(channel.kind) {
            kinds.append(channel.kind)
        }
        var faults = RequestFaults()
        faults.addUnknown(of: body, ContactPreferences.fields)
        let read = ContactPreferences.read(body, channels: kinds, times: configuration.times.names)
        for fault in read.faults { faults.add(fault.pointer, fault.detail) }
        try faults.check()
        return read.preferences
    }

    private func put(_ preferences: ContactPreferences?, ofContact id: String, _ respond: HTTPResponder) {
        recordsThread.run { [self] in
            reply(respond) { () throws(StoreError) in
                guard try records.putPreferences(preferences, ofContact: id) else { return nil }
                return (preferences ?? ContactPreferences()).value
            }
        }
    }
}
