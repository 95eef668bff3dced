import Testing

@testable import HTTP

@Suite("references that an answer gives")
struct ReferenceTests {
    /// RFC 3986 §5.4, those that are http.
    private static let examples = [
        ("//g", "http://g/"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"),
        ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"),
        ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"), ("https://b:8443/x?y", "https://b:8443/x?y"),
        ("HTTP://B/x", "http://b/x"), ("g:h/i", nil), ("ftp://b/x", nil), ("javascript:alert(1)", nil),
        ("http:g", nil), ("https://user@b/", nil), ("g h", nil), ("g\u{7}", nil), ("//", nil), ("é", nil),
        ("g?a:b", "http://a/b/c/g?a:b"),
    ]

    @Test("lead where RFC 3986 says, or nowhere", arguments: examples)
    func resolved(_ reference: String, _ expected: String?) throws {
        let base = try #require(HTTPURL("http://a/b/c/d;p?q"))
        #expect(base.resolving(reference)?.text == expected)
    }

    @Test("that name no scheme keep that of the request")
    func scheme() throws {
        let base = try #require(HTTPURL("https://a:8443/b?c"))
        #expect(base.resolving("/x")?.text == "https://a:8443/x")
        #expect(base.resolving("//b/x")?.text == "https://b/x")
    }
}
