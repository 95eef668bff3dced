import FoundationEssentials
import JSON

/// The provider's published API descriptions. They are not part of the project: without them what needs them is skipped.
enum OpenAPIFields {
    private static let sources = [
        "message": ("twilio_api_v2010", "api.v2010.account.message"),
        "call": ("twilio_api_v2010", "api.v2010.account.call"),
        "number": ("twilio_api_v2010", "api.v2010.account.incoming_phone_number"),
        "recording": ("twilio_api_v2010", "api.v2010.account.recording"),
        "room": ("twilio_video_v1", "video.v1.room"),
        "conference": ("twilio_api_v2010", "api.v2010.account.conference"),
        "conference participant": ("twilio_api_v2010", "api.v2010.account.conference.participant"),
        "participant": ("twilio_video_v1", "video.v1.room.room_participant"),
    ]

    /// `OPENAPI_FOLDER`, else `../shared/openapi` beside the project.
    private static let folder: String = {
        if let folder = ProcessInfo.processInfo.environment["OPENAPI_FOLDER"] { return folder }
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return "/\(root)/../shared/openapi"
    }()

    private static let schemas: [String: JSONValue] = {
        var found: [String: JSONValue] = [:]
        for file in Set(sources.values.map(\.0)).sorted() {
            guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(file).json")) else { continue }
            found[file] = (try? JSONValue(parsing: Array(data)))?["components"]?["schemas"]
        }
        return found
    }()

    /// Whether the descriptions are there.
    static var areThere: Bool { FileManager.default.fileExists(atPath: folder) }

    /// The fields of a resource in order, references resolved, each with its name; nil without the descriptions.
    static func fields(of resource: String) -> [JSONValue]? {
        guard let (file, schema) = sources[resource], let all = schemas[file],
            let members = all[schema]?["properties"]?.object?.members
        else { return nil }
        return members.map { member in
            let reference = member.value["$ref"]?.string?.split(separator: "/").last
            let value = reference.flatMap { all[String($0)] } ?? member.value
            let pairs = (value.object?.members ?? []).filter { $0.key != "name" }.map { ($0.key, $0.value) }
            return .object(JSONObject([("name", .string(member.key))] + pairs))
        }
    }
}
