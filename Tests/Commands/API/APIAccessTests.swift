import Testing

@testable import Assembly

@Suite("Finding the gateway")
struct APIAccessTests {
    static func access(
        _ arguments: [String], environment: [String: String] = [:], files: [String: String] = TestRun.dataFolder
    ) -> (access: APIAccess?, run: TestRun, status: Int32) {
        let run = TestRun(
            files: files, environment: environment, answers: [APIAnswer(status: 200, value: ["data": []])])
        let status = run.run(["keys", "list"] + arguments)
        return (run.api.access, run, status)
    }

    @Test("address and key come from the data folder")
    func dataFolder() {
        let access = Self.access([]).access
        #expect(access?.url.text == "http://127.0.0.1:8081/")
        #expect(access?.key == "gw_ab_cd")
    }

    @Test("--data names another folder")
    func otherFolder() {
        let files = ["/x/listen.json": #"{"private":"http://127.0.0.1:9"}"#, "/x/admin.key": "gw_x_y"]
        let access = Self.access(["--data", "/x"], files: files).access
        #expect(access?.url.origin.port == 9)
        #expect(access?.key == "gw_x_y")
    }

    @Test("options come before the environment, and that before the folder")
    func precedence() {
        let environment = ["GATEWAY_KEY": "gw_env_1"]
        #expect(Self.access([], environment: environment).access?.key == "gw_env_1")
        #expect(Self.access(["--key", "gw_opt_1"], environment: environment).access?.key == "gw_opt_1")
        #expect(Self.access([], environment: ["GATEWAY_KEY": ""]).access?.key == "gw_ab_cd")
        #expect(Self.access(["--url", "https://g.example"]).access?.url.text == "https://g.example/")
    }

    @Test("with address and key no folder is needed")
    func noFolder() {
        let found = Self.access(["--url", "http://[::1]:80/base/", "--key", "gw_a_b"], files: [:])
        #expect(found.status == 0)
        #expect(found.access?.url(of: "/v1/keys")?.text == "http://[::1]/base/v1/keys")
    }

    @Test("without a folder the message says what to do")
    func nothing() {
        let found = Self.access(["--data", "/does/not/exist"], files: [:])
        #expect(found.status == 1)
        #expect(found.run.errors.text.contains("gateway serve"))
        let keyless = Self.access(["--url", "http://127.0.0.1:9", "--data", "/does/not/exist"], files: [:])
        #expect(keyless.status == 1)
        #expect(keyless.run.errors.text.contains("set GATEWAY_KEY"))
    }

    @Test(
        "a URL that is none is a usage error",
        arguments: ["nonsense", "ftp://x", "http://", "http://x/?a=b", "http://u:p@x", ""])
    func badURL(url: String) {
        let found = Self.access(["--url", url])
        #expect(found.status == 2)
        #expect(found.access == nil)
    }

    @Test("a key that would break the header is refused and not repeated", arguments: ["gw_a\r\nX: y", "gw ä", ""])
    func badKey(key: String) {
        let found = Self.access(["--key", key])
        #expect(found.status == 1)
        #expect(found.run.errors.text == "gateway: the API key is not one: keys look like gw_…\n")
    }

    @Test("addresses that cannot be read are named by their file")
    func damagedAddresses() {
        let found = Self.access([], files: ["data/listen.json": "{", "data/admin.key": "gw_a_b"])
        #expect(found.status == 1)
        #expect(found.run.errors.text.contains("data/listen.json does not tell where"))
    }
}
