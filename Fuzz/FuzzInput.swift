// Shared by all fuzz programs: taking an input apart, and saying what does not hold.

/// The bytes of one input, taken from the front.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    /// An input as libFuzzer hands it over.
    init(_ data: UnsafePointer<UInt8>?, _ size: Int) {
        bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size))[...] } ?? []
    }

    /// The next byte; 0 when there is none.
    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// Eight bytes as a number.
    mutating func integer() -> Int64 {
        (0..<8).reduce(0) { value, _ in value << 8 | Int64(byte()) }
    }

    /// All bytes that are left.
    var rest: [UInt8] { Array(bytes) }

    /// All bytes that are left as text; those that are no UTF-8 become U+FFFD.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// What is left, divided at each byte 0x1E (the record separator): several texts in one input, never none.
    var records: [[UInt8]] {
        bytes.split(separator: 0x1E, omittingEmptySubsequences: false).map(Array.init)
    }
}

/// Ends the program when a property does not hold; libFuzzer keeps the input.
func expect(_ holds: Bool, _ property: @autoclosure () -> String, line: UInt = #line) {
    if !holds { fatalError("line \(line): \(property())") }
}

/// Whether a place lies within a text or directly behind its end; lines and columns count from 1, columns in Unicode
/// scalars, and LF, CR, CR LF and the other line ends of YAML 1.1 end a line.
func isInside(line: Int, column: Int, of bytes: [UInt8]) -> Bool {
    var lengths = [0]
    var previous: Unicode.Scalar?
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
        switch scalar {
        case "\n" where previous == "\r": break
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lengths.append(0)
        default: lengths[lengths.count - 1] += 1
        }
        previous = scalar
    }
    return lengths.indices.contains(line - 1) && (1...lengths[line - 1] + 1).contains(column)
}
