/// An HTTP request to a provider as a value; the shell makes the exchange.
public struct ProviderRequest: Sendable, Hashable {
    /// Upper case, such as `POST`.
    public var method: String
    /// Absolute, http or https.
    public var url: String
    /// In order; names as on the wire.
    public var headers: [ProviderField]
    /// Empty when there is none.
    public var body: [UInt8]
    /// Must not be doubled: a connection of its own.
    public var freshConnection: Bool
    /// For connecting, writing and the whole answer.
    public var timeout: Duration

    /// A request with 15 s for the whole exchange on a pooled connection.
    public init(method: String, url: String, headers: [ProviderField] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        freshConnection = false
        timeout = .seconds(15)
    }
}

/// A header field.
public struct ProviderField: Sendable, Hashable {
    /// As on the wire; compared without case.
    public var name: String
    /// Without surrounding white space.
    public var value: String

    /// A field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether it has the name, in whatever case of ASCII letters (RFC 9110 §5.1).
    public func isNamed(_ other: String) -> Bool {
        if name == other { return true }
        func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        return name.utf8.count == other.utf8.count
            && name.utf8.elementsEqual(other.utf8) { lower($0) == lower($1) }
    }
}

/// What came of an exchange.
public enum ProviderAnswer: Sendable, Hashable {
    /// A complete HTTP answer; one of success comes without its header.
    case answered(status: Int, headers: [ProviderField], body: [UInt8])
    /// Nothing was written: surely not processed.
    case notSent(ExchangeFault)
    /// Broken after the first byte was written: may have been processed.
    case broken(ExchangeFault)

    /// The HTTP status; `nil` when there was no complete answer.
    public var status: Int? {
        guard case .answered(let status, _, _) = self else { return nil }
        return status
    }

    /// The first value of a header field, names compared without case.
    public func header(_ name: String) -> String? {
        guard case .answered(_, let headers, _) = self else { return nil }
        return headers.first { $0.isNamed(name) }?.value
    }
}

/// Why an exchange broke.
public enum ExchangeFault: String, Sendable, Hashable {
    case dns, connect, tls, write, timeout, closed, badResponse = "bad_response", tooLarge = "too_large", cancelled
}
