// The command line: any words are a command or a usage error; a command is one of the declaration, options keep to
// their choices, and help comes whenever it is asked for. The YAML that commands print reads as the JSON it was.
import Arguments
import JSON
import YAML

@testable import Assembly

/// Called by libFuzzer with each input: words as records, or (first byte odd) a JSON text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArguments(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    if input.byte() & 1 == 1 {
        checkYAML(input.rest)
        return 0
    }
    let words = input.records.map { String(decoding: $0, as: UTF8.self) }
    do throws(UsageError) {
        let command = try CommandLineParser(CommandTree.program).parse(words)
        check(command)
    } catch {
        expect(!error.message.isEmpty && spec(error.path) != nil, "\(error)")
        let asked = words.prefix { $0 != "--" }
        expect(!asked.contains("--help"), "help was asked for: \(words)")
    }
    return 0
}

private func spec(_ path: [String]) -> CommandSpec? {
    path.reduce(Optional(CommandTree.program)) { spec, word in spec?.subcommands.first { $0.name == word } }
}

private func check(_ command: ParsedCommand) {
    guard let spec = spec(command.path) else { return expect(false, "there is no command \(command.path)") }
    if command.wantsHelp { return }
    for option in spec.options where !option.choices.isEmpty {
        if let value = command.value(option.name) {
            expect(option.choices.contains(value) || value == option.defaultValue, "\(value) is no choice")
        }
    }
    for positional in spec.positionals where positional.count == .one || positional.count == .several {
        expect(!command.values(positional.name).isEmpty, "\(positional.name) is missing")
    }
}

private func checkYAML(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes, maxDepth: 8) else { return }
    let text = YAMLText.text(of: value)
    do throws(YAMLError) {
        expect(isSame(try YAMLNode.parse(Array(text.utf8)), value), "\(text.debugDescription) is another value")
    } catch {
        expect(false, "\(text.debugDescription) is no YAML: \(error)")
    }
}

private func isSame(_ node: YAMLNode, _ value: JSONValue) -> Bool {
    switch value {
    case .object(let object):
        let pairs = node.pairs ?? []
        return pairs.count == object.count
            && zip(pairs, object.members).allSatisfy { pair, member in
                pair.key.text?.utf8.elementsEqual(member.key.utf8) == true && isSame(pair.value, member.value)
            }
    case .array(let array):
        let elements = node.elements ?? []
        return elements.count == array.count && zip(elements, array).allSatisfy(isSame)
    case .string(let text): return node.text?.utf8.elementsEqual(text.utf8) == true
    case .null, .bool, .integer, .number: return node.text == value.text
    }
}
