import HTTP

/// Instructions that the account's application answered with.
struct TwiMLDocument {
    /// The verbs in order.
    let verbs: [XMLElement]
    /// The URL it came from; relative URLs in it are relative to this one. Empty for instructions given at create.
    let url: String

    /// What is wrong with an answer: the provider's code.
    struct Failure: Error, Equatable {
        let code: Int
    }

    /// Reads an answer: XML, or plain text, which a message or voice says.
    /// - Parameter textVerb: the verb that plain text stands for, `Message` or `Say`.
    init(_ response: HTTPResponse, url: String, textVerb: String) throws(Failure) {
        self.url = url
        if response.status == 204 || response.body.isEmpty {
            verbs = []
            return
        }
        guard response.body.count <= 65_536 else { throw Failure(code: 11750) }
        let type = (response.headers[first: "Content-Type"] ?? "").lowercased()
        if type.hasPrefix("text/plain") {
            let verb = XMLElement(name: textVerb, attributes: [:])
            verb.append(text: String(decoding: response.body, as: UTF8.self))
            verbs = [verb]
        } else if type.hasPrefix("text/xml") || type.hasPrefix("application/xml") || type.hasPrefix("text/html") {
            verbs = try Self.verbs(response.body)
        } else {
            throw Failure(code: 12300)
        }
    }

    /// Reads instructions given as text.
    init(twiml: String) throws(Failure) {
        url = ""
        verbs = try Self.verbs(Array(twiml.utf8))
    }

    private static func verbs(_ body: [UInt8]) throws(Failure) -> [XMLElement] {
        do {
            let root = try XMLReader.parse(body)
            guard root.name == "Response" else { throw Failure(code: 12100) }
            return root.children
        } catch {
            throw Failure(code: 12100)
        }
    }
}
