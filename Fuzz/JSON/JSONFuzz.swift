// JSON: what is parsed is written and read back as the same value, pretty and plain; the canonical form is a fixed
// point; limits hold; a fault lies inside of the text.
@testable import JSON

/// Called by libFuzzer with each input: a byte for the depth, then the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let maxDepth = Int(input.byte())
    let text = input.rest
    checkKeeping(text, maxDepth)
    do throws(JSONError) {
        let value = try JSONValue(parsing: text, maxDepth: maxDepth)
        expect(depth(of: value) <= maxDepth, "deeper than allowed")
        checkWriting(value)
        checkStreaming(text, value, maxDepth)
    } catch {
        expect((0...text.count).contains(error.offset), "offset \(error.offset) of \(text.count)")
        expect(JSONError.Cause(rawValue: error.code) != nil, "code \(error.code)")
        if !text.contains(where: { $0 >= 0x80 }) {
            expect(isInside(line: error.line, column: error.column, of: text), "\(error) is outside")
        }
    }
    return 0
}

private func checkWriting(_ value: JSONValue) {
    expect(parsed(value.bytes()) == value, "plain bytes read differently")
    expect(parsed(value.bytes(pretty: true)) == value, "pretty bytes read differently")
    let canonical = value.canonicalBytes
    expect(parsed(canonical)?.canonicalBytes == canonical, "the canonical form is no fixed point")
    guard case .object(let object) = value else { return }
    for (key, member) in object.members { expect(object[key] == member, "a member is not found under its key") }
    expect(JSONObject(object.members.map { ($0.key, $0.value) }) == object, "built anew it differs")
}

/// With few members kept, a text has these members of the whole, or its fault.
private func checkKeeping(_ text: [UInt8], _ maxDepth: Int) {
    let names: [StaticString] = ["a", "", "sid", "status", "error_code"]
    let whole: Result<JSONObject, JSONError>
    do throws(JSONError) {
        let members = try JSONValue(parsing: text, maxDepth: maxDepth).object?.members ?? []
        let kept = members.filter { member in names.contains { $0.description == member.key } }
        whole = .success(JSONObject(kept.map { ($0.key, $0.value) }))
    } catch {
        whole = .failure(error)
    }
    let part: Result<JSONObject, JSONError>
    do throws(JSONError) {
        part = .success(try JSONObject(parsing: text, keeping: names, maxDepth: maxDepth))
    } catch {
        part = .failure(error)
    }
    expect(part == whole, "read in part it differs: \(part) \(whole)")
}

/// Read with one of its arrays element by element, an object is the same.
private func checkStreaming(_ text: [UInt8], _ value: JSONValue, _ maxDepth: Int) {
    guard let object = value.object, let key = object.keys.first else { return }
    var elements: [JSONValue] = []
    var rest =
        (try? JSONObject.parse(text, streaming: key, maxDepth: maxDepth) { element, bytes in
            expect((try? JSONValue(parsing: bytes, maxDepth: 256)) == element, "an element's bytes are another's")
            elements.append(element)
            return true
        }) ?? nil
    if object[key]?.array != nil { rest?[key] = .array(elements) }
    expect(rest == object, "read in pieces it differs")
}

private func parsed(_ bytes: [UInt8]) -> JSONValue? { try? JSONValue(parsing: bytes, maxDepth: 256) }

private func depth(of value: JSONValue) -> Int {
    switch value {
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .object(let object): 1 + (object.members.map { depth(of: $0.value) }.max() ?? 0)
    default: 0
    }
}
