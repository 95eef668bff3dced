import Zones

/// A line before it is text.
struct LogEntry: Sendable {
    let milliseconds: Int64
    let level: LogLevel
    let event: StaticString
    let fields: [LogField]

    func append(to bytes: inout [UInt8], format: LogFormat) {
        switch format {
        case .logfmt: appendLogfmt(to: &bytes)
        case .json: appendJSON(to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private func appendLogfmt(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "ts=".utf8)
        DateText.appendRFC3339(milliseconds, to: &bytes)
        bytes.append(contentsOf: " level=\(level.rawValue) event=".utf8)
        LogText.appendLogfmt(event.description.utf8, to: &bytes)
        for field in fields {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: field.key.description.utf8)
            bytes.append(UInt8(ascii: "="))
            LogText.appendLogfmt(LogText.plain(field.value).text.utf8, to: &bytes)
        }
    }

    private func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"ts\":\"".utf8)
        DateText.appendRFC3339(milliseconds, to: &bytes)
        bytes.append(contentsOf: "\",\"level\":\"\(level.rawValue)\",\"event\":".utf8)
        LogText.appendJSON(event.description.utf8, to: &bytes)
        for field in fields {
            bytes.append(UInt8(ascii: ","))
            LogText.appendJSON(field.key.description.utf8, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            let (text, quoted) = LogText.plain(field.value)
            if quoted { LogText.appendJSON(text.utf8, to: &bytes) } else { bytes.append(contentsOf: text.utf8) }
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
