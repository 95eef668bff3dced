import JSON
import Testing
import YAML

@testable import Gateway

@Suite("In whose form a language model is asked")
struct AssistantAPITests {
    private func assistant(_ api: AssistantAPI, key: String = "k") -> AssistantDefinition {
        AssistantDefinition(
            name: "m", api: api, url: "https://example.com", key: key, model: "model-1", instructions: "Be brief.",
            maxTokens: 300, within: .seconds(20), perDay: nil, inputPrice: Money(micros: 3_000_000, currency: "USD"),
            outputPrice: Money(micros: 15_000_000, currency: "USD"), mark: YAMLMark(line: 1, column: 1))
    }

    private var material: AssistMaterial {
        var material = AssistMaterial()
        material.lines = [
            .init(isPerson: false, text: "Bilge water is high."), .init(isPerson: true, text: "OK"),
            .init(isPerson: true, text: "Who comes?"), .init(isPerson: false, text: "Ben."),
        ]
        material.documents = [.init(title: #"The "engine""#, text: String(repeating: "x", count: 9_000))]
        return material
    }

    private func body(_ api: AssistantAPI) throws -> JSONValue {
        try JSONValue(parsing: api.body(assistant(api), material, text: "When?", locale: "it"))
    }

    @Test("turns alternate and begin with the person, for both")
    func turns() throws {
        let turns: [JSONValue] = [
            ["role": "user", "content": "OK\nWho comes?"], ["role": "assistant", "content": "Ben."],
            ["role": "user", "content": "When?"],
        ]
        #expect(try body(.anthropic)["messages"]?.array == turns)
        let messages = try #require(try body(.openai)["messages"]?.array)
        #expect(messages.first?["role"] == "system")
        #expect(Array(messages.dropFirst()) == turns)
    }

    @Test("instructions, language and documents are told before; a long document is cut")
    func system() throws {
        let anthropic = try body(.anthropic)
        let text = try #require(anthropic["system"]?.string)
        #expect(text.hasPrefix("Be brief.\n\nAnswer in the language it."))
        #expect(text.contains("<document title=\"The 'engine'\">"))
        #expect((4_000..<4_400).contains(text.count))
        #expect(anthropic["max_tokens"] == 300 && anthropic["model"] == "model-1")
        #expect(try body(.openai)["max_completion_tokens"] == 300)
        #expect(try body(.openai)["messages"]?.array?.first?["content"]?.string == text)
    }

    @Test("the key goes where each wants it")
    func headers() {
        #expect(AssistantAPI.anthropic.headers(assistant(.anthropic)).contains(ProviderField("x-api-key", "k")))
        #expect(AssistantAPI.openai.headers(assistant(.openai)) == [ProviderField("Authorization", "Bearer k")])
        #expect(AssistantAPI.openai.headers(assistant(.openai, key: "")).isEmpty)
    }

    @Test("answers are read with their tokens; what has no text is none")
    func answers() {
        let anthropic = #"""
            {"content":[{"type":"text","text":" Ben "},{"type":"tool_use","id":"x"},{"type":"text","text":"comes. "}],
             "usage":{"input_tokens":12,"output_tokens":5}}
            """#
        #expect(
            AssistantAPI.anthropic.answer(Array(anthropic.utf8))
                == AssistantAnswer(text: "Ben comes.", input: 12, output: 5))
        let openai =
            #"{"choices":[{"message":{"content":"At ten."}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}"#
        #expect(
            AssistantAPI.openai.answer(Array(openai.utf8)) == AssistantAnswer(text: "At ten.", input: 7, output: 2))
        for api in AssistantAPI.allCases {
            for body in ["", "{}", "[]", #"{"content":[]}"#, #"{"choices":[{"message":{"content":" "}}]}"#, "\u{0}"] {
                #expect(api.answer(Array(body.utf8)) == nil, "\(body)")
            }
        }
    }

    @Test("costs are rounded up")
    func costs() {
        #expect(assistant(.openai).cost(input: 1, output: 1) == 3 + 15)
        #expect(assistant(.openai).cost(input: 1_000_000, output: 0) == 3_000_000)
        #expect(assistant(.openai).cost(input: .max, output: 0) > 1_000_000_000)
        #expect(assistant(.openai).cost(input: -1, output: 0) == 0)
    }
}
