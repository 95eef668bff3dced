import HTTP
import JSON

/// A refusal in the provider's format.
struct TwilioError: Error, Equatable {
    let code: Int
    let status: Int
    let message: String

    /// The error of a code with its usual HTTP status and text.
    init(_ code: Int, _ message: String? = nil) {
        self.code = code
        status = Self.statuses[code] ?? 400
        self.message = message ?? Self.text(code)
    }

    /// The answer's body is `{"code", "message", "more_info", "status"}`.
    var response: HTTPResponse {
        var response = HTTPResponse.json(
            status,
            [
                "code": .integer(Int64(code)), "message": .string(message),
                "more_info": .string("https://www.twilio.com/docs/errors/\(code)"), "status": .integer(Int64(status)),
            ])
        if code == 20003 { response.headers.add("WWW-Authenticate", "Basic realm=\"Twilio API\"") }
        return response
    }

    /// The error of a path that leads nowhere.
    static func notFound(_ path: String) -> TwilioError {
        TwilioError(20404, "The requested resource \(path) was not found")
    }

    /// A short text for a code, also of a delivery error; a general one for codes not in the table.
    static func text(_ code: Int) -> String {
        texts[code] ?? "Error \(code)"
    }

    private static let statuses: [Int: Int] = [
        10001: 401, 10002: 403, 10005: 403, 20003: 401, 20004: 405, 20005: 403, 20006: 403, 20008: 403, 20403: 403,
        20404: 404, 20409: 409, 20422: 422, 20429: 429, 20500: 500, 20503: 503, 21701: 404, 16022: 404, 35125: 429,
        53106: 404, 63038: 429,
    ]

    private static let texts: [Int: String] = [
        16020: "Conference is full",
        16022: "Conference does not exist or is over",
        20003: "Authenticate",
        20004: "Method not allowed",
        20008: "Resource not accessible with Test Account Credentials",
        20404: "The requested resource was not found",
        20429: "Too Many Requests",
        20500: "Internal Server Error",
        20503: "Service unavailable",
        21201: "No 'To' number is specified",
        21205: "Url is not a valid URL",
        21210: "'From' phone number not verified or owned by the account",
        21211: "Invalid 'To' Phone Number",
        21212: "Invalid From Number (caller ID)",
        21213: "No 'From' number is specified",
        21214: "'To' phone number cannot be reached",
        21215: "Account not authorized to call phone number",
        21216: "Call blocked by Twilio blocklist",
        21217: "Phone number does not appear to be valid",
        21220: "Invalid call state",
        21262: "Async AMD callback URL is required",
        21266: "'To' and 'From' number cannot be the same",
        21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
        21421: "PhoneNumber is invalid",
        21422: "PhoneNumber is not available",
        21452: "No phone numbers found in area code",
        21602: "Message body is required",
        21603: "A 'From' phone number is required",
        21604: "A 'To' phone number is required",
        21606: "The 'From' phone number provided is not a valid message-capable Twilio phone number",
        21609: "Invalid 'StatusCallback' URL",
        21610: "Attempt to send to unsubscribed recipient",
        21611: "This 'From' number has exceeded the maximum number of queued messages",
        21612: "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
        21614: "'To' number is not a valid mobile number",
        21617: "The concatenated message body exceeds the 1600 character limit",
        21619: "A text message body or media urls must be specified",
        21620: "Invalid media URL(s)",
        21623: "Number of media files exceeds allowed limit",
        21624: "ValidityPeriod is invalid",
        21654: "ContentSid Required",
        21655: "The ContentSid is Invalid",
        21656: "The Content Variables parameter is invalid",
        21701: "The Messaging Service does not exist",
        21703: "The Messaging Service does not have a sender that can reach the recipient",
        21705: "The Messaging Service SID is invalid",
        21910: "Invalid 'From' and 'To' pair: 'From' and 'To' should be of the same channel",
        30003: "Unreachable destination handset",
        30004: "Message blocked",
        30005: "Unknown destination handset",
        30006: "Landline or unreachable carrier",
        30007: "Message filtered",
        30008: "Unknown error",
        30036: "Validity Period Expired",
        30409: "Message can no longer be canceled",
        35111: "SendAt is required for a fixed schedule",
        35114: "SendAt must be between 900 seconds and 35 days in the future",
        35118: "MessagingServiceSid is required to schedule a message",
        35126: "ScheduleType must be fixed",
        53105: "Room is full",
        53106: "Room not found",
        53113: "Room exists",
        53126: "The room type is not supported for this account",
        63016: "Failed to send freeform message because you are outside the allowed window",
        63024: "Invalid message recipient",
        63027: "Template does not exist for a language and locale",
        63028: "Number of parameters provided does not match the expected number of parameters",
        63040: "Template was rejected",
        63041: "Template was paused",
        63042: "Template was disabled",
    ]
}

extension HTTPResponse {
    /// An answer with a JSON body.
    static func json(_ status: Int, _ value: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([("Content-Type", "application/json;charset=utf-8")]),
            body: value.bytes())
    }
}
