/// Turns values into bytes.
enum JSONEncoding {
    /// Appends a value without spaces.
    static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: appendText("null", to: &bytes)
        case .bool(let flag): appendText(flag ? "true" : "false", to: &bytes)
        case .integer(let number): appendDecimal(number.magnitude, isNegative: number < 0, to: &bytes)
        case .number(let number): appendJSONNumber(number, to: &bytes)
        case .string(let text): appendJSONString(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for index in elements.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(elements[index], to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for index in object.entries.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                appendJSONString(object.entries[index].key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(object.entries[index].value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// Appends a value with one element or member a line, indented by two spaces a level.
    static func appendPretty(_ value: JSONValue, indent: Int = 0, to bytes: inout [UInt8]) {
        switch value {
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for index in elements.indices {
                newLine(after: index > 0, indent: indent + 1, to: &bytes)
                appendPretty(elements[index], indent: indent + 1, to: &bytes)
            }
            newLine(after: false, indent: indent, to: &bytes)
            bytes.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for index in object.entries.indices {
                newLine(after: index > 0, indent: indent + 1, to: &bytes)
                appendJSONString(object.entries[index].key, to: &bytes)
                appendText(": ", to: &bytes)
                appendPretty(object.entries[index].value, indent: indent + 1, to: &bytes)
            }
            newLine(after: false, indent: indent, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        default: append(value, to: &bytes)
        }
    }

    private static func appendText(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private static func newLine(after comma: Bool, indent: Int, to bytes: inout [UInt8]) {
        if comma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(0x0A)
        for _ in 0..<indent { appendText("  ", to: &bytes) }
    }
}

/// Appends a string with its quotes, escaping quote, backslash and control characters and nothing else.
func appendJSONString(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { buffer in
        guard JSONText.plain(in: buffer, from: 0).end == buffer.count else { return appendEscaped(buffer, to: &bytes) }
        appendQuoted(buffer, to: &bytes)
    }
}

/// Appends a string with its quotes, with whatever escapes it needs.
private func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    while true {
        let end = JSONText.plain(in: text, from: start).end
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
        guard end < text.count else { break }
        appendEscape(text[end], to: &bytes)
        start = end + 1
    }
    bytes.append(UInt8(ascii: "\""))
}

/// Appends what needs no escape, in quotes, in one step; a key with a comma before it and a colon behind it.
func appendQuoted(
    _ text: UnsafeBufferPointer<UInt8>, comma: Bool = false, colon: Bool = false, to bytes: inout [UInt8]
) {
    bytes.append(addingCapacity: text.count + 4) { span in
        span.withUnsafeMutableBufferPointer { out, count in
            if comma { write(UInt8(ascii: ","), to: out, &count) }
            writeQuoted(text, to: out, &count)
            if colon { write(UInt8(ascii: ":"), to: out, &count) }
        }
    }
}

/// Appends a member whose key needs no escape; in one step where its value needs none either, as most do.
func appendMember(_ name: StaticString, _ value: String, comma: Bool, to bytes: inout [UInt8]) {
    var value = value
    value.withUTF8 { text in
        name.withUTF8Buffer { key in
            guard JSONText.plain(in: text, from: 0).end == text.count else {
                appendQuoted(key, comma: comma, colon: true, to: &bytes)
                return appendEscaped(text, to: &bytes)
            }
            bytes.append(addingCapacity: key.count + text.count + 6) { span in
                span.withUnsafeMutableBufferPointer { out, count in
                    if comma { write(UInt8(ascii: ","), to: out, &count) }
                    writeQuoted(key, to: out, &count)
                    write(UInt8(ascii: ":"), to: out, &count)
                    writeQuoted(text, to: out, &count)
                }
            }
        }
    }
}

@inline(__always)
private func write(_ byte: UInt8, to out: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
    out[count] = byte
    count += 1
}

@inline(__always)
private func writeQuoted(
    _ text: UnsafeBufferPointer<UInt8>, to out: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
) {
    write(UInt8(ascii: "\""), to: out, &count)
    count = out[count...].update(fromContentsOf: text)
    write(UInt8(ascii: "\""), to: out, &count)
}

private func appendEscape(_ byte: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x22, 0x5C: bytes.append(byte)
    default:
        bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
        bytes.append(UInt8(ascii: "0") + byte >> 4)
        let low = byte & 15
        bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    }
}

/// Appends an integer in decimal digits.
func appendDecimal(_ magnitude: UInt64, isNegative: Bool, to bytes: inout [UInt8]) {
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    if magnitude < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude)) }
    var rest = magnitude
    let start = bytes.count
    repeat {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
    } while rest > 0
    bytes[start...].reverse()
}

/// Appends the shortest number that reads back as the same `Double`; what is not finite becomes `null`.
func appendJSONNumber(_ value: Double, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: value.isFinite ? Array(value.description.utf8) : Array("null".utf8))
}
