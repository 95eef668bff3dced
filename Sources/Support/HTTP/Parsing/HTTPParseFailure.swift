/// Why bytes are not acceptable HTTP: the status a server answers with, and words for a log.
struct HTTPParseFailure: Error, Equatable {
    /// 400, 408, 413, 414, 417, 431, 501 or 505; a client sees anything but 413 and 431 as a bad answer.
    let status: Int
    /// What is wrong; never quotes the peer's bytes.
    let reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func bad(_ reason: String) -> HTTPParseFailure { HTTPParseFailure(400, reason) }
}
