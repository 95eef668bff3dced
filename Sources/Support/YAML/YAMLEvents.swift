import CYAML

/// The events of libyaml as values: each C event is copied and deleted before anything else happens.
final class YAMLEvents {
    /// One event with its place.
    struct Event {
        var kind: Kind
        var start: YAMLMark
        var end: YAMLMark
        var anchor: String?
        var tag: String?
    }

    enum Kind {
        case documentStart, sequenceStart, sequenceEnd, mappingStart, mappingEnd, alias, streamEnd, other
        case scalar(String, isPlain: Bool)
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The place behind the last character.
    private let textEnd: YAMLMark

    /// Reads from bytes that stay valid while the events are read; nil if there is no memory.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        self.bytes = bytes
        textEnd = Self.mark(ofByte: bytes.count, in: bytes)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event.
    func next() throws(YAMLError) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        var result = Event(kind: .other, start: mark(event.start_mark), end: mark(event.end_mark))
        switch event.type {
        case YAML_STREAM_END_EVENT: result.kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_ALIAS_EVENT:
            result.kind = .alias
            result.anchor = text(event.data.alias.anchor)
        case YAML_SCALAR_EVENT: fill(&result, event.data.scalar)
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.anchor = text(event.data.sequence_start.anchor)
            result.tag = text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.anchor = text(event.data.mapping_start.anchor)
            result.tag = text(event.data.mapping_start.tag)
        default: break
        }
        return result
    }

    private func fill(_ result: inout Event, _ scalar: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar) {
        let value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        result.anchor = text(scalar.anchor)
        result.tag = text(scalar.tag)
        let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && result.tag == nil
        result.kind = .scalar(value, isPlain: isPlain)
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "this is not YAML"
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            let mark = Self.mark(ofByte: Int(clamping: parser.pointee.problem_offset), in: bytes)
            return YAMLError(code: "bad_character", message: problem, mark: mark)
        case YAML_MEMORY_ERROR:
            return YAMLError(code: "out_of_memory", message: "there is no memory", mark: YAMLMark(line: 1, column: 1))
        default:
            let context = parser.pointee.context.map { String(cString: $0) + ": " } ?? ""
            let hint = problem.contains("cannot start any token") ? " (a tab, or text that needs quotes)" : ""
            return YAMLError(
                code: "syntax", message: context + problem + hint, mark: mark(parser.pointee.problem_mark))
        }
    }

    /// libyaml counts from 0, and ends a text that has no line end with one of its own: what it finds at the end would
    /// stand in a line that is not there.
    private func mark(_ mark: yaml_mark_t) -> YAMLMark {
        min(YAMLMark(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1), textEnd)
    }

    /// Lines end where they do for libyaml: at LF, CR, CR LF, U+0085, U+2028 and U+2029 (YAML 1.1 section 4.2).
    private static func mark(ofByte offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> YAMLMark {
        var mark = YAMLMark(line: 1, column: 1)
        let end = min(offset, bytes.count)
        for index in 0..<end {
            switch bytes[index] {
            case 0x0A where index > 0 && bytes[index - 1] == 0x0D: break
            case 0x0A, 0x0D: mark = YAMLMark(line: mark.line + 1, column: 1)
            case 0x80...0xBF:
                // The last byte of one of the other three, whose first has counted as a column.
                let start = bytes[max(0, index - 2)...index]
                if start.suffix(2).elementsEqual([0xC2, 0x85]) || start.elementsEqual([0xE2, 0x80, 0xA8])
                    || start.elementsEqual([0xE2, 0x80, 0xA9])
                {
                    mark = YAMLMark(line: mark.line + 1, column: 1)
                }
            default: mark.column += 1
            }
        }
        return mark
    }
}
