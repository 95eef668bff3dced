/// Swift source whose comments and string literals are blank, so that a search finds code alone. Lines stay in place;
/// what an interpolation holds is code.
struct CodeText: Sendable {
    let text: String

    init(_ source: String) {
        var reader = Reader(Array(source.utf8))
        text = String(decoding: reader.read(), as: UTF8.self)
    }

    /// Lines, 1-based, where a match of a pattern ends.
    func lines(matching pattern: Regex<Substring>) -> [Int] {
        text.ranges(of: pattern).map { range in
            text[..<range.upperBound].utf8.count { $0 == UInt8(ascii: "\n") } + 1
        }
    }

    private struct Reader {
        let source: [UInt8]
        var output: [UInt8] = []
        var place = 0

        init(_ source: [UInt8]) { self.source = source }

        mutating func read() -> [UInt8] {
            code(until: nil)
            return output
        }

        private func starts(_ word: StaticString) -> Bool {
            let end = place + word.utf8CodeUnitCount
            guard end <= source.count else { return false }
            return word.withUTF8Buffer { source[place..<end].elementsEqual($0) }
        }

        private mutating func take() {
            output.append(source[place])
            place += 1
        }

        private mutating func blank(_ count: Int = 1) {
            for _ in 0..<min(count, source.count - place) {
                output.append(source[place] == UInt8(ascii: "\n") ? source[place] : UInt8(ascii: " "))
                place += 1
            }
        }

        /// Copies code up to the parenthesis that closes an interpolation, or to the end.
        private mutating func code(until close: UInt8?) {
            var depth = 0
            while place < source.count {
                let byte = source[place]
                if starts("//") {
                    while place < source.count, source[place] != UInt8(ascii: "\n") { blank() }
                } else if starts("/*") {
                    blockComment()
                } else if let pounds = literal() {
                    string(pounds)
                } else if byte == close, depth == 0 {
                    return
                } else {
                    if byte == UInt8(ascii: "(") { depth += 1 }
                    if byte == UInt8(ascii: ")") { depth -= 1 }
                    take()
                }
            }
        }

        private mutating func blockComment() {
            var depth = 0
            repeat {
                if starts("/*") {
                    depth += 1
                    blank(2)
                } else if starts("*/") {
                    depth -= 1
                    blank(2)
                } else {
                    blank()
                }
            } while depth > 0 && place < source.count
        }

        /// How many `#` stand before a string literal that begins here; `nil` when none does.
        private func literal() -> Int? {
            var next = place
            while next < source.count, source[next] == UInt8(ascii: "#") { next += 1 }
            guard next < source.count, source[next] == UInt8(ascii: "\"") else { return nil }
            return next - place
        }

        private mutating func string(_ pounds: Int) {
            blank(pounds)
            let isLong = starts("\"\"\"")
            let fence = Array(repeating: UInt8(ascii: "\""), count: isLong ? 3 : 1)
            let end = fence + Array(repeating: UInt8(ascii: "#"), count: pounds)
            let escape = [UInt8(ascii: "\\")] + Array(repeating: UInt8(ascii: "#"), count: pounds)
            blank(fence.count)
            while place < source.count {
                if source[place...].starts(with: end) {
                    blank(end.count)
                    return
                }
                guard source[place...].starts(with: escape) else {
                    blank()
                    continue
                }
                blank(escape.count)
                guard place < source.count, source[place] == UInt8(ascii: "(") else {
                    blank()
                    continue
                }
                take()
                code(until: UInt8(ascii: ")"))
                if place < source.count { take() }
            }
        }
    }
}
