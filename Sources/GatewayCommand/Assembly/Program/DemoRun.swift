import Dispatch
import Gateway
import Glibc
import HTTP
import JSON
import Telemetry

/// The demonstration: a boat, its owner and a warranty alert, through the same API that everybody uses. The recipient
/// is the script in the configuration file's `simulator:` section.
struct DemoRun {
    let runtime: GatewayRuntime
    private let options: DemoOptions
    private let api: HTTPGatewayAPI
    private let temporaryFolder: String?

    /// A number of Ofcom's range for drama; the shipped script says what its owner does.
    static let number = "+447700900142"

    init(_ options: DemoOptions) throws(CommandFailure) {
        self.options = options
        let folder: String
        if let data = options.data { folder = data } else { folder = try Self.makeFolder() }
        temporaryFolder = options.data == nil ? folder : nil
        let file = ConfigurationFile(path: options.config, environment: ConfigurationFile.processEnvironment)
        runtime = try GatewayRuntime(
            RuntimeOptions(file: file, data: folder, usesFreePorts: !options.keepsServing),
            log: ProgramLog.make(.warn))
        runtime.begin()
        let key = String(decoding: try Files.read(runtime.folder.file("admin.key")), as: UTF8.self).trimmed
        guard let url = HTTPURL(runtime.addresses.privateURL) else {
            throw CommandFailure("bad_url", "the private listener has no URL")
        }
        api = try HTTPGatewayAPI(APIAccess(url: url, key: key))
    }

    private static func makeFolder() throws(CommandFailure) -> String {
        var template = Array("/tmp/gateway-demo-XXXXXX".utf8CString)
        guard let name = mkdtemp(&template) else {
            throw CommandFailure("data_folder", "no temporary folder can be made: \(Files.reason(errno))")
        }
        return String(cString: name)
    }

    /// Sends the alert and prints its timeline until it ends; whether it was acknowledged.
    func alert() throws(CommandFailure) -> Bool {
        if options.keepsServing { try letPhoneRing() }
        _ = try api.value(
            "PUT", "/v1/contacts/demo-owner",
            body: ["name": "Alex Morgan", "phone": .string(Self.number), "locale": "en"])
        _ = try api.value(
            "PUT", "/v1/boats/demo-boat",
            body: ["name": "Sea Breeze", "contacts": [["id": "demo-owner", "role": "owner"]]])
        let accepted = try api.value("POST", "/v1/messages", body: Self.warrantyAlert)
        guard let id = accepted["id"]?.string else {
            throw CommandFailure("demo", "the gateway accepted the alert without an id")
        }
        try follow(id)
        let message = try api.value("GET", "/v1/messages/" + id)
        let state = message["state"]?.string ?? "unknown"
        print(options.paint(state == "acked" ? .good : .bad, "the alert ended as: \(state)"))
        return state == "acked"
    }

    private static let warrantyAlert: JSONValue = [
        "to": "boat:demo-boat", "topic": "warranty.expiring", "priority": "critical", "template": "warranty_due",
        "variables": [
            "item": "Main engine", "warranty_end": "2026-12-31", "claim_url": "https://navidocs.example/claims/42",
        ],
    ]

    /// With `--keep` somebody is at the keyboard: the phone waits for a key, and the command that presses it is printed.
    private func letPhoneRing() throws(CommandFailure) {
        guard let simulator = runtime.addresses.simulatorURL, let url = HTTPURL(simulator) else { return }
        let control = try HTTPGatewayAPI(APIAccess(url: url, key: "none"))
        let path = "/simulator/v1/phones/" + Self.number
        _ = try control.value(
            "PUT", path,
            body: [
                "whatsapp": ["fail": 63024], "sms": ["undelivered": 30003],
                "voice": ["ring": "2s", "answer": "human", "do": [["hear": "60s"]]],
            ])
        print("When the phone has answered, press 1 for its owner:")
        print("  curl -X POST -d '{\"digits\":\"1\"}' -H 'Content-Type: application/json' \(simulator)\(path)/press")
    }

    private func follow(_ id: String) throws(CommandFailure) {
        var printer = TimelinePrinter(paint: options.paint)
        let pause = DispatchSemaphore(value: 0)
        while true {
            for line in printer.lines(try api.value("GET", "/v1/messages/\(id)/timeline")) { print(line) }
            fflush(nil)
            if printer.isDone { return }
            _ = pause.wait(timeout: .now() + .milliseconds(200))
        }
    }

    /// Removes what only the demonstration needed.
    func removeData() {
        guard let folder = temporaryFolder, let entries = opendir(folder) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(folder + "/" + name) }
        }
        closedir(entries)
        rmdir(folder)
    }
}

extension APIAccess {
    /// A gateway of this process.
    init(url: HTTPURL, key: String) {
        self.url = url
        self.key = key
    }
}
