import Testing

@testable import Gateway

@Suite("Single values")
struct ValueTests {
    @Test(
        "variables are replaced in values, once",
        arguments: [
            ("a${X}b", "a1b"), ("${X}${X}", "11"), ("${NONE:-}", ""), ("${NONE:-d}", "d"), ("${EMPTY:-d}", "d"),
            ("${EMPTY}", ""), ("$${X}", "${X}"), ("$X $", "$X $"), ("${NEST}", "${X}"), ("${NONE:-a:-b}", "a:-b"),
            ("${X:?must be set}", "1"), ("{{ item }}", "{{ item }}"),
        ])
    func variables(_ source: String, _ result: String) throws {
        let environment = ["X": "1", "EMPTY": "", "NEST": "${X}"]
        #expect(try VariableExpansion(source, environment: environment).text == result)
    }

    @Test(
        "what is no variable is refused",
        arguments: [
            "${", "${}", "${1A}", "${A B}", "${A-b}", "${A:b}", "${A:-${B}}", "${NONE}", "${NONE:?why}", "${NONE:?}",
        ])
    func noVariables(_ source: String) {
        #expect(throws: VariableExpansion.Fault.self) { try VariableExpansion(source, environment: ["A": "1"]) }
    }

    @Test("a value knows whether it came from the environment, a default or the file")
    func origins() throws {
        #expect(try VariableExpansion("x", environment: [:]).origin == .literal)
        #expect(try VariableExpansion("${A:-}", environment: [:]).origin == .literal)
        #expect(try VariableExpansion("${A:-x}", environment: [:]).origin == .fallback)
        #expect(try VariableExpansion("${A:-x}", environment: ["A": "1"]).origin == .environment)
    }

    @Test(
        "sizes, and how they are written",
        arguments: [
            ("512 MiB", 512 << 20, "512 MiB"), ("2GiB", 2 << 30, "2 GiB"), ("1024 KiB", 1 << 20, "1 MiB"),
            ("1 KiB", 1_024, "1 KiB"), ("1024 TiB", 1 << 50, "1024 TiB"),
        ] as [(String, Int64, String)])
    func sizes(_ text: String, _ bytes: Int64, _ written: String) {
        #expect(ScalarText.size(text) == bytes)
        #expect(ScalarText.text(ofSize: bytes) == written)
    }

    @Test("what is no size is refused", arguments: ["", "1", "MiB", "0 MiB", "1.5 GiB", "1 MB", "1  MiB", "1025 TiB"])
    func noSizes(_ text: String) { #expect(ScalarText.size(text) == nil) }

    @Test(
        "durations",
        arguments: [
            ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("1h30m", 5_400_000), ("2d", 172_800_000), ("0s", 0),
        ])
    func durations(_ text: String, _ milliseconds: Int) {
        #expect(ScalarText.duration(text) == .milliseconds(milliseconds))
        #expect(ScalarText.duration(ScalarText.text(of: .milliseconds(milliseconds))) == .milliseconds(milliseconds))
    }

    @Test(
        "what is no duration",
        arguments: ["", "5", "m", "5 m", "-5m", "5m1h", "5m5m", "1.5h", "9999999999s", "367d", "5M", "٥m", "1h30"])
    func noDurations(_ text: String) { #expect(ScalarText.duration(text) == nil) }

    @Test("rates are per second")
    func rates() {
        #expect(ScalarText.rate("1/s") == 1)
        #expect(ScalarText.rate("30/m") == 0.5)
        #expect(ScalarText.rate("0.5") == 0.5)
        for text in ["", "/s", "0/s", "-1/s", "1/d", "1//s", "100001/s", "1e3", "nan"] {
            #expect(ScalarText.rate(text) == nil, "\(text)")
        }
    }

    @Test("clock times, countries, locales and names")
    func words() {
        #expect(ScalarText.clock("7:05") == 425)
        #expect(ScalarText.clock("24:00") == 1440)
        for text in ["24:01", "7:5", "7", "07:60", "a:00", ":00"] { #expect(ScalarText.clock(text) == nil, "\(text)") }
        #expect(ScalarText.isCountry("CH") && !ScalarText.isCountry("ch") && !ScalarText.isCountry("CHE"))
        for text in ["en", "fr-CH", "zh-Hant-TW", "es-419", "gsw"] { #expect(ScalarText.isLocale(text), "\(text)") }
        for text in ["", "e", "EN", "en_US", "en-", "en-us", "en-US-x", "zh-Hant-TW-x"] {
            #expect(!ScalarText.isLocale(text), "\(text)")
        }
        #expect(ScalarText.isName("a.B-c_9") && !ScalarText.isName("") && !ScalarText.isName("a b"))
    }

    @Test(
        "only addresses of this machine are loopback",
        arguments: [
            ("http://127.0.0.1:9000", true), ("http://localhost/x", true), ("http://[::1]:80", true),
            ("https://a.localhost", true), ("https://127.0.0.1.example.com", false),
            ("https://localhost.example.com", false),
            ("https://127.0.0.256", false), ("https://api.twilio.com", false), ("https://128.0.0.1", false),
        ])
    func loopback(_ text: String, _ isLoopback: Bool) throws {
        #expect(try #require(BaseURL(text)).isLoopback == isLoopback)
    }

    @Test(
        "what is no base URL",
        arguments: [
            "", "example.com", "ftp://example.com", "https://", "https://a b", "https://user@example.com",
            "https://example.com?x", "https://example.com#x", "https://example.com:70000", "https://[::1", "https:///x",
        ])
    func noBaseURL(_ text: String) { #expect(BaseURL(text) == nil) }
}
