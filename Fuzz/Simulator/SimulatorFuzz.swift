// The simulator of the provider: XML, what the gateway writes as TwiML, scripts in JSON and YAML, and the whole
// simulator, which is asked arbitrary requests and whose webhooks get arbitrary instructions.
import Crypto
import HTTP
import JSON
import YAML

@testable import Simulator
@testable import TwilioProvider

private let credentials = SimulatorCredentials(
    accountSID: "AC" + String(repeating: "a", count: 32), authToken: "token",
    keySID: "SK" + String(repeating: "b", count: 32), keySecret: "secret")
private let authorization =
    "Basic " + Base64.encode(Array((credentials.accountSID + ":" + credentials.authToken).utf8))

/// Called by libFuzzer with each input: which part, then its text or its records.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSimulator(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    switch input.byte() % 4 {
    case 0: checkXML(input.rest)
    case 1: checkTwiML(input.records.map { String(decoding: $0, as: UTF8.self) })
    case 2: checkScript(input.rest)
    default: checkRequests(input.records)
    }
    return 0
}

private func checkXML(_ bytes: [UInt8]) {
    do throws(XMLReader.Failure) {
        let root = try XMLReader.parse(bytes)
        expect(depth(root) <= 32, "deeper than allowed")
        let written = element(root).document
        let again = try? XMLReader.parse(written)
        expect(again.map(outline) == outline(root), "it reads \(String(decoding: written, as: UTF8.self))")
    } catch {
        expect((0...bytes.count).contains(error.offset), "offset \(error.offset) of \(bytes.count)")
    }
}

private func depth(_ element: XMLElement) -> Int { 1 + (element.children.map(depth).max() ?? 0) }

/// Names, attributes and the text of elements without children, without what TwiML cannot say.
private func outline(_ element: XMLElement) -> String {
    let attributes = element.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\(speakable($0.value))" }
    let text = element.children.isEmpty ? speakable(element.text) : ""
    return "\(element.name)\(attributes)\(text.debugDescription)\(element.children.map(outline))"
}

private func speakable(_ text: String) -> String {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 9, 10, 13, 0x20...0xFFFD, 0x10000...: kept.append(scalar)
        default: break
        }
    }
    return String(kept)
}

private func element(_ source: XMLElement) -> TwiMLElement {
    source.children.isEmpty
        ? TwiMLElement(source.name, source.attributes, text: source.text)
        : TwiMLElement(source.name, source.attributes, source.children.map(element))
}

/// What the gateway writes is what the simulator, and so the provider, reads.
private func checkTwiML(_ texts: [String]) {
    var parent = TwiMLElement("Response")
    for (index, text) in texts.enumerated() {
        parent.children.append(.element(TwiMLElement("Say", ["voice": text, "loop": "\(index)"], text: text)))
    }
    guard let document = try? TwiMLDocument(twiml: String(decoding: parent.document, as: UTF8.self)) else {
        return expect(false, "the simulator does not read what the gateway writes")
    }
    expect(document.verbs.count == texts.count, "\(document.verbs.count) of \(texts.count) verbs")
    for (verb, text) in zip(document.verbs, texts) {
        expect(verb.text.utf8.elementsEqual(speakable(text).utf8), "the text is \(verb.text.debugDescription)")
        expect(verb.attributes["voice"]?.utf8.elementsEqual(speakable(text).utf8) == true, "the attribute is another")
    }
}

private func checkScript(_ bytes: [UInt8]) {
    if let value = try? JSONValue(parsing: bytes) {
        do throws(SimulatorScriptError) {
            let script = try SimulatorScript(json: value)
            expect((try? SimulatorScript(json: script.document)) == script, "the document reads differently")
        } catch {
            expect(!error.problems.isEmpty, "an error without a problem")
        }
    }
    guard let node = try? YAMLNode.parse(bytes) else { return }
    do throws(SimulatorScriptError) {
        let script = try SimulatorScript(yaml: node)
        expect((try? SimulatorScript(json: script.document)) != nil, "the document that is given back is no script")
    } catch {
        for problem in error.problems {
            expect(
                isInside(line: problem.line ?? 0, column: problem.column ?? 0, of: bytes), "\(problem) is outside")
        }
    }
}

/// Each record is a request, `METHOD PATH`, a line feed and the body; the last one answers every webhook.
private func checkRequests(_ records: [[UInt8]]) {
    let simulator = TwilioSimulator(
        script: SimulatorScript(), credentials: credentials, baseURL: "http://127.0.0.1:1", incarnation: 1)
    var world = Running(simulator: simulator, instructions: records.last ?? [])
    for (index, record) in records.prefix(8).enumerated() {
        let head = record.prefix { $0 != 0x0A }
        let words = head.split(separator: 0x20, maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 2 else { continue }
        let path = words[1].replacing("{account}", with: credentials.accountSID)
        let request = HTTPRequest(
            method: words[0], target: path, headers: HTTPHeaders([("Authorization", authorization)]),
            body: Array(record.dropFirst(head.count + 1)))
        world.take(simulator.handle(request, at: world.now, id: index))
        world.settle()
    }
    expect(world.answers.count <= 8 && Set(world.answers).count == world.answers.count, "a request has two answers")
}

/// A simulator with its timers and webhooks, driven without a clock.
private struct Running {
    let simulator: TwilioSimulator
    let instructions: [UInt8]
    var now: Int64 = 1_800_000_000_000
    var answers: [Int] = []
    private var timers: [(at: Int64, id: Int)] = []
    private var webhooks: [Int] = []
    private var turns = 0

    init(simulator: TwilioSimulator, instructions: [UInt8]) {
        self.simulator = simulator
        self.instructions = instructions
    }

    mutating func take(_ effects: [SimulatorEffect]) {
        for effect in effects {
            switch effect {
            case .answer(let id, let response):
                expect((100...599).contains(response.status), "status \(response.status)")
                answers.append(id)
            case .schedule(let id, let at): timers.append((at, id))
            case .callWebhook(let id, let request):
                expect(HTTPURL(request.url) != nil, "\(request.url) cannot be called")
                webhooks.append(id)
            }
        }
    }

    mutating func settle() {
        while turns < 200 {
            turns += 1
            if let id = webhooks.popLast() {
                let xml = HTTPHeaders([("Content-Type", "text/xml")])
                let response = HTTPResponse(status: 200, headers: xml, body: instructions)
                take(simulator.webhookAnswered(id, .success(response), at: now))
            } else if let next = timers.indices.min(by: { timers[$0].at < timers[$1].at }) {
                let timer = timers.remove(at: next)
                now = max(now, timer.at)
                take(simulator.timerFired(timer.id, at: now))
            } else {
                return
            }
        }
    }
}
