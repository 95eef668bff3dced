import HTTP
import JSON

// The HTTP API: bodies of messages, contacts, boats, keys and subscriptions, and queries of lists and events. Each fault
// points into the body; an envelope that is accepted survives the store, as warranties and preferences do.
@testable import Assembly
@testable import Gateway
@testable import Server

/// Called by libFuzzer with each input: which reader, then the body or the query.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzAPI(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    switch input.byte() % 5 {
    case 0, 1: checkMessage(input.rest)
    case 2:
        checkQuery(input.text)
        checkErrorQuery(input.text)
        checkEventQuery(input.text)
    case 3:
        let body = input.rest
        checkRecords(body)
        checkAnswers(body)
    default: checkPointer(input.text)
    }
    return 0
}

private func checkMessage(_ body: [UInt8]) {
    do throws(Problem) {
        let envelope = try EnvelopeReader.read(body, tenant: "default")
        expect((try? JobCodec.envelope(JobCodec.message(envelope))) == envelope, "the store reads another envelope")
        expect(envelope.media.count <= 10 && envelope.labels.count <= 32, "a limit does not hold")
    } catch {
        check(error, body)
    }
}

/// The pointer of a fault names a member that is there, or one that is missing in an object that is there.
private func check(_ problem: Problem, _ body: [UInt8]) {
    expect(problem.status == 400 && !problem.code.isEmpty && !problem.message.isEmpty, "\(problem)")
    expect((try? JSONValue(parsing: problem.response.body)) != nil, "the answer is no JSON")
    guard let value = try? JSONValue(parsing: body) else { return }
    expect(!problem.errors.isEmpty, "\(problem) names no fault")
    for fault in problem.errors where !fault.pointer.isEmpty {
        expect(fault.pointer.utf8.first == UInt8(ascii: "/"), "\(fault.pointer) is no pointer")
        var current = value
        let tokens = tokens(fault.pointer)
        for (index, token) in tokens.enumerated() {
            // Names are cut, so a long one is not looked for.
            if token.utf8.count >= 60 { break }
            guard let next = member(current, token) else {
                expect(index == tokens.count - 1, "\(fault.pointer) leads nowhere")
                break
            }
            current = next
        }
    }
}

/// RFC 6901 section 4.
private func tokens(_ pointer: String) -> [String] {
    let parts = pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.dropFirst().map { part in
        var out: [UInt8] = []
        var bytes = Array(part)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                out.append(byte)
                continue
            }
            let next = bytes.popFirst()
            expect(next == UInt8(ascii: "0") || next == UInt8(ascii: "1"), "a tilde is not escaped in \(pointer)")
            out.append(next == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
        }
        return String(decoding: out, as: UTF8.self)
    }
}

private func member(_ value: JSONValue, _ token: String) -> JSONValue? {
    if let array = value.array { return Int(token).flatMap { array.indices.contains($0) ? array[$0] : nil } }
    return value.object?[token]
}

private func checkPointer(_ name: String) {
    let found = tokens("/" + RequestFaults.escaped(name))
    expect(found.count == 1, "the name \(name.debugDescription) is more than one token")
    expect(name.utf8.starts(with: (found.first ?? "").utf8), "the name is another")
}

private func checkQuery(_ query: String) {
    let target = "/v1/messages?" + query
    let request = HTTPRequest(method: "GET", target: target)
    guard let list = try? ListQuery(request, filters: ["state", "to"]) else { return }
    expect((1...500).contains(list.limit), "limit \(list.limit)")
    expect(Set(list.filters.keys).isSubset(of: ["state", "to"]), "an unknown filter is taken")
}

private func checkErrorQuery(_ query: String) {
    let request = HTTPRequest(method: "GET", target: "/v1/errors?" + query)
    guard let list = try? ListQuery(request, filters: ErrorReader.filters),
        let wanted = try? ErrorReader.query(list, tenant: "default")
    else { return }
    expect(wanted.tenant == "default", "a caller chooses the tenant")
    expect(wanted.subject == nil || wanted.text == nil, "an id is searched for as a text as well")
    expect((list.filters["severity"] == nil) == wanted.severities.isEmpty, "severities are lost")
    guard let id = RecordID(rawValue: 1) else { return }
    var context = ErrorContext()
    context.tenant = "other"
    let record = ErrorRecord(id: id, .providerAuth, context, at: Timestamp(milliseconds: 0), isShared: true)
    expect(!wanted.fits(record), "another tenant's error is shown")
}

private func checkEventQuery(_ query: String) {
    if let position = EventPosition(query) {
        expect(EventPosition(position.digits) == position && EventPosition(position.id) == position, "\(query)")
    }
    let request = HTTPRequest(method: "GET", target: "/v1/events?" + query)
    guard let list = try? ListQuery(request, filters: EventQuery.filters),
        let wanted = try? EventQuery(list, tenant: "default")
    else { return }
    expect((.zero...EventQuery.longestWait).contains(wanted.wait), "wait \(wanted.wait)")
    expect(wanted.filter.types.count <= 32, "too many types")
    let event = GatewayEvent(
        .start, "message.sent", of: "", tenant: "other", at: Timestamp(milliseconds: 0), [:])
    expect(!wanted.filter.admits(event), "another tenant's event is shown")
}

private func checkSubscription(_ object: JSONObject, _ body: [UInt8]) {
    do throws(Problem) {
        let wish = try SubscriptionWish(object, allowsPrivate: false)
        expect(HTTPURL(wish.url)?.namesPrivateHost == false, "\(wish.url) is told")
        expect(wish.types.count <= 32 && wish.maxAge.map { $0 >= .seconds(60) } ?? true, "a limit does not hold")
    } catch {
        check(error, body)
    }
    do throws(Problem) { _ = try ReplayWish(object) } catch { check(error, body) }
}

private func checkRecords(_ body: [UInt8]) {
    guard let object = (try? JSONValue(parsing: body))?.object else { return }
    checkSubscription(object, body)
    do throws(Problem) {
        let contact = try RecordReader.contact("id", object)
        expect(contact.addresses.allSatisfy { ["phone", "email"].contains($0.kind) }, "an unknown address is taken")
    } catch {
        check(error, body)
    }
    do throws(Problem) {
        let boat = try RecordReader.boat("id", object)
        expect(boat.contacts.allSatisfy { ["owner", "broker", "other"].contains($0.role) }, "an unknown role is taken")
    } catch {
        check(error, body)
    }
    do throws(Problem) {
        let wish = try RecordReader.key(object)
        expect(!wish.scopes.isEmpty && Set(wish.scopes).isSubset(of: RecordReader.scopes), "\(wish.scopes)")
        expect(wish.dailyCalls ?? 0 >= 0 && wish.dailySpend ?? 0 >= 0, "a cap is negative")
    } catch {
        check(error, body)
    }
    do throws(Problem) {
        let warranty = try WarrantyReader.read("id", object, tenant: "default")
        let stored = try? WarrantyCodec.decode("id", WarrantyCodec.encode(warranty), look: nil)
        expect(stored == warranty, "the store reads another warranty")
    } catch {
        check(error, body)
    }
    let read = ContactPreferences.read(object, channels: [.sms, .voice], times: ["nights"])
    guard read.faults.isEmpty else { return }
    expect(ContactPreferences.stored(read.preferences.value) == read.preferences, "the store reads other preferences")
}

/// What a server of an index answers: it finds each document once, and a code that is stored is a word.
private func checkAnswers(_ body: [UInt8]) {
    let query = DocumentQuery(.all, words: ["engine"], limit: 3)
    for status in [200, 400, 404] {
        let answer = ProviderAnswer.answered(status: status, headers: [], body: body)
        switch Meilisearch.progress(answer) {
        case .refused(let code), .failed(let code), .away(let code):
            expect((1...64).contains(code.utf8.count) && code.utf8.allSatisfy { $0 > 0x2F && $0 < 0x7B }, "\(code)")
        case .task, .done, .forgotten: break
        }
        let question = Meilisearch.Question(query, boats: nil)
        guard case .answers(let answers) = Meilisearch.found([question], answer) else { continue }
        let ids = answers.found[query] ?? []
        expect(Set(ids.map { Array($0.utf8) }).count == ids.count, "a document is found twice")
    }
}
