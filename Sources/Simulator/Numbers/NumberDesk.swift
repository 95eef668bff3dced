import HTTP
import JSON

/// The IncomingPhoneNumbers resource of the 2010 API. A number appears when it is bought, scripted or first sent from.
final class NumberDesk {
    private let world: World
    private var store: ResourceStore<PhoneNumber>
    private var byNumber: [String: PhoneNumber] = [:]

    init(world: World) {
        self.world = world
        store = ResourceStore(limit: 100_000) { ($0.sid, $0.number) }
    }

    /// The number, made when it is not there yet.
    @discardableResult
    func number(_ number: String) -> PhoneNumber {
        if let found = byNumber[number] { return found }
        let made = PhoneNumber(sid: world.sid("PN"), number: number, at: world.kernel.now)
        byNumber[number] = made
        store.append(made)
        return made
    }

    /// The number that receives texts for an address: of a channel by its own entry (`whatsapp:+…`), else the plain one.
    func receiver(_ address: ChannelAddress) -> PhoneNumber? {
        byNumber[address.text] ?? byNumber[address.value]
    }

    /// Takes over the webhooks of a script.
    func apply(_ script: SimulatorScript) {
        for (key, webhooks) in script.numbers.sorted(by: { $0.key < $1.key }) {
            number(key).update({ webhooks[$0] }, at: world.kernel.now)
        }
    }

    /// Handles what lies below `…/IncomingPhoneNumbers`.
    func handle(_ request: APIRequest, path: [String]) throws(TwilioError) -> HTTPResponse {
        switch (path.count, request.method) {
        case (0, "POST"): return try create(request)
        case (0, "GET"): return try list(request)
        case (1, "GET"): return answer(200, try find(path[0], request))
        case (1, "POST"):
            let number = try find(path[0], request)
            number.update({ request.form[$0] }, at: world.kernel.now)
            return answer(200, number)
        case (1, "DELETE"):
            let number = try find(path[0], request)
            store.remove(number.sid)
            byNumber[number.number] = nil
            return HTTPResponse(status: 204)
        case (0...1, _): throw TwilioError(20004)
        default: throw TwilioError.notFound(request.path)
        }
    }

    private func find(_ sid: String, _ request: APIRequest) throws(TwilioError) -> PhoneNumber {
        guard let number = store[sid] else { throw TwilioError.notFound(request.path) }
        return number
    }

    private func create(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        guard let text = try wanted(request) else { throw TwilioError(21421) }
        if let code = MagicNumbers.purchase[text] { throw TwilioError(code) }
        let address = ChannelAddress(text)
        guard address.canSend, address.isNumber || address.isShortCode else { throw TwilioError(21421) }
        let number = number(text)
        number.update({ request.form[$0] }, at: world.kernel.now)
        return answer(201, number)
    }

    private func wanted(_ request: APIRequest) throws(TwilioError) -> String? {
        if let number = request.parameter("PhoneNumber") { return number }
        guard let area = request.parameter("AreaCode") else { return nil }
        if area == "533" { throw TwilioError(21452) }
        return area == "500" ? "+15005550006" : "+1\(area)5550100"
    }

    private func list(_ request: APIRequest) throws(TwilioError) -> HTTPResponse {
        let wanted = request.query["PhoneNumber"].flatMap { $0.isEmpty ? nil : $0 }
        let name = request.query["FriendlyName"].flatMap { $0.isEmpty ? nil : $0 }
        let value = try ListPage(request).answer(
            store, key: "incoming_phone_numbers", target: nil,
            matches: { number in
                (wanted.map { number.number.contains($0) } ?? true) && (name == nil || number["FriendlyName"] == name)
            },
            json: { $0.json(account: world.credentials.accountSID, path: world.accountPath) })
        return .json(200, value)
    }

    private func answer(_ status: Int, _ number: PhoneNumber) -> HTTPResponse {
        .json(status, number.json(account: world.credentials.accountSID, path: world.accountPath))
    }
}
