import Crypto
import Forms
import Testing

@Suite("Forms and queries")
struct FormTests {
    static let decoded: [(String, [(String, String)])] = [
        ("", []), ("&", []), ("&&a=1&&", [("a", "1")]), ("a", [("a", "")]), ("a=", [("a", "")]), ("=b", [("", "b")]),
        ("=", [("", "")]), ("a=b=c", [("a", "b=c")]), ("a=1&a=2", [("a", "1"), ("a", "2")]),
        ("a+b=c+d", [("a b", "c d")]), ("a%20b=%2B%26%3D", [("a b", "+&=")]), ("a=%C3%A9%e2%82%ac", [("a", "é€")]),
        ("a=100%", [("a", "100%")]), ("a=%4", [("a", "%4")]), ("a=%zz%41", [("a", "%zzA")]), ("a=%%41", [("a", "%A")]),
        ("a=%FF", [("a", "\u{FFFD}")]), ("a=%00", [("a", "\u{0}")]), ("a=é", [("a", "é")]), ("a;b=1", [("a;b", "1")]),
        ("To=%2B447700900123&Body=Hi+there%21", [("To", "+447700900123"), ("Body", "Hi there!")]),
    ]

    @Test("forms are decoded as WHATWG says, by both readers", arguments: decoded)
    func decodes(text: String, fields: [(String, String)]) {
        let expected = Form(fields)
        #expect(Form(query: text) == expected)
        let view = FormView(parsing: Array(text.utf8))
        #expect(view.count == fields.count)
        for index in 0..<min(view.count, fields.count) {
            #expect(String(decoding: view.name(at: index), as: UTF8.self) == fields[index].0)
            #expect(String(decoding: view.value(at: index), as: UTF8.self) == fields[index].1)
        }
    }

    @Test("a form is encoded as WHATWG says")
    func encodes() {
        var form = Form([("a b", "c+d&e=f"), ("é", "*-._~"), ("", "")])
        form.append("To", "+44")
        #expect(form.text == "a+b=c%2Bd%26e%3Df&%C3%A9=*-._%7E&=&To=%2B44")
        #expect(Form(parsing: form.encode()) == form)
    }

    @Test("what is written field by field is the form of these fields")
    func writes() {
        var writer = FormWriter(capacity: 0)
        #expect(writer.bytes.isEmpty)
        writer.append("To", "+44 & é%=")
        writer.append("Empty", "")
        writer.append("Body", "a*-._~b\n")
        #expect(writer.bytes == Form([("To", "+44 & é%="), ("Empty", ""), ("Body", "a*-._~b\n")]).encode())
    }

    @Test("a name gives its first value, all values, or nothing")
    func reads() {
        let form = Form(query: "a=1&b=2&a=3&A=4")
        #expect(form["a"] == "1")
        #expect(form.all("a") == ["1", "3"])
        #expect(form["c"] == nil)
        #expect(Form(query: "\u{e9}=1")["e\u{301}"] == nil)
        let view = FormView(parsing: Array("a=1&bb=%2B2&a=3&=5&c".utf8))
        #expect(view.string("a") == "1")
        #expect(view.string("bb") == "+2")
        #expect(view.string("") == "5")
        #expect(view.string("c") == "")
        #expect(view.string("b") == nil)
        #expect(view.string("cc") == nil)
        #expect(FormView(parsing: []).string("a") == nil)
    }

    @Test(
        "the text to sign has names and distinct values in the order of their bytes",
        arguments: [
            ("b=2&a=1", "a1b2"), ("a=2&a=1&a=2", "a1a2"), ("a=&B=x&ab=y", "Bxaaby"), ("ab=c&a=bc", "abcabc"),
            ("a=%C3%A9&a=z", "azaé"), ("", ""), ("a1=2&a=12", "a12a12"), ("b&a&b", "ab"), ("=x&=x", "x"), ("=", ""),
        ])
    func signedText(text: String, expected: String) {
        var out: [UInt8] = Array("url".utf8)
        FormView(parsing: Array(text.utf8)).appendSorted(to: &out)
        #expect(String(decoding: out, as: UTF8.self) == "url" + expected)
    }

    @Test("a view of the form of Twilio's documentation gives its signature")
    func twilioSignature() {
        let body = "Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE"
        var text = Array("https://mycompany.com/myapp.php?foo=1&bar=2".utf8)
        FormView(parsing: Array(body.utf8)).appendSorted(to: &text)
        let code = MessageCode.hmac(.sha1, key: Array("12345".utf8), text)
        #expect(Base64.encode(code) == "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    }

    @Test("path segments keep the unreserved characters of RFC 3986 only")
    func percent() {
        #expect(PercentCoding.encode("aZ09-._~") == "aZ09-._~")
        #expect(PercentCoding.encode("a b/c?d#é+%*") == "a%20b%2Fc%3Fd%23%C3%A9%2B%25%2A")
        #expect(Form([("a b", "*~-._é&=+")]).text == "a+b=*%7E-._%C3%A9%26%3D%2B")
        #expect(PercentCoding.decode("a%20b%2fc+d%") == "a b/c+d%")
        #expect(PercentCoding.decode("%C3") == "\u{FFFD}")
    }

    @Test("random bytes give the same fields in both readers, and forms of them come back", arguments: 0..<8)
    func noise(seed: UInt64) {
        let alphabet = Array("aB1&&==++%%%2F0x".utf8)
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let bytes = (0..<random.below(30)).map { _ in
                random.below(16) == 0 ? UInt8(random.below(256)) : alphabet[Int(random.below(UInt64(alphabet.count)))]
            }
            let form = Form(parsing: bytes)
            let view = FormView(parsing: bytes)
            let fields = (0..<view.count).map {
                (
                    String(decoding: view.name(at: $0), as: UTF8.self),
                    String(decoding: view.value(at: $0), as: UTF8.self)
                )
            }
            #expect(Form(fields) == form)
            #expect(Form(parsing: form.encode()) == form)
        }
    }
}
