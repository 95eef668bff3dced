import Crypto
import Forms
import HTTP
import JSON

/// `gateway simulator`, the stand-in for the provider as a program of its own.
final class RunningSimulator {
    let folder: Folder
    let program: Program
    let control: SimulatorControl
    let account: String
    let token: String
    /// The secret of the API key, which signs webhooks under `signature: sha256`.
    let keySecret: String

    /// - Parameter script: the section `simulator:`, indented by two.
    init(_ script: String, in folder: Folder) throws {
        self.folder = folder
        let config = try folder.write(Setup(simulator: script).yaml, to: "simulator.yaml")
        program = try Program(
            Repository.program, ["simulator", "--config", config, "--data", folder.path + "/simulator"], in: folder)
        let line = try program.firstLine()
        guard let url = line.split(separator: " ").dropFirst().first?.dropLast() else { throw Failure(line) }
        control = SimulatorControl(url: String(url))
        let credentials = try JSONValue(parsing: Array((folder.read("simulator/simulator.json") ?? "").utf8))
        account = credentials["account_sid"]?.string ?? ""
        token = credentials["auth_token"]?.string ?? ""
        keySecret = credentials["api_key_secret"]?.string ?? ""
    }

    /// The credentials as the environment of a gateway.
    var credentials: [String: String] { ["TWILIO_ACCOUNT_SID": account, "TWILIO_AUTH_TOKEN": token] }

    /// Creates a resource of the account as an application of Twilio does.
    func post(_ resource: String, _ form: [(String, String)]) throws {
        try post(to: "/2010-04-01/Accounts/\(account)/" + resource, form)
    }

    /// Creates a resource of any product.
    func post(to path: String, _ form: [(String, String)]) throws {
        let request = try Web.request(
            "POST", control.url + path,
            headers: [
                ("Authorization", "Basic " + Base64.encode(Array("\(account):\(token)".utf8))),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ], body: Form(form).encode())
        let answer = try Web.send(request)
        guard answer.status == 201 else { throw Failure("\(path): \(answer.status) \(answer.text)") }
    }
}
