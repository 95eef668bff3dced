import HTTP
import JSON

/// The account itself.
enum AccountResource {
    /// The account resource.
    static func account(_ world: World) -> HTTPResponse {
        let sid = world.credentials.accountSID
        let date = JSONValue.string(Clock.rfc2822(0))
        return .json(
            200,
            [
                "auth_token": "", "date_created": date, "date_updated": date, "friendly_name": "Simulator",
                "owner_account_sid": .string(sid), "sid": .string(sid), "status": "active",
                "subresource_uris": [
                    "messages": .string("\(world.accountPath)/Messages.json"),
                    "calls": .string("\(world.accountPath)/Calls.json"),
                    "incoming_phone_numbers": .string("\(world.accountPath)/IncomingPhoneNumbers.json"),
                ],
                "type": "Full", "uri": .string(world.accountPath + ".json"),
            ])
    }

    /// The balance: it never runs out.
    static func balance(_ world: World) -> HTTPResponse {
        .json(200, ["account_sid": .string(world.credentials.accountSID), "balance": "100.00", "currency": "USD"])
    }
}
