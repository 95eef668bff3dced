import Forms
import HTTP
import JSON
import Testing

@testable import Simulator

@Suite("Checks of the Messages resource")
struct MessageValidationTests {
    static let good = ["To": "+447700900142", "From": "+41791234567", "Body": "Hi"]

    @Test(
        "each mistake has the provider's code",
        arguments: [
            (["To": ""], 21604), (["From": ""], 21603), (["Body": ""], 21602), (["To": "0791234567"], 21211),
            (["To": "+44"], 21211), (["From": "+1234"], 21212), (["From": "no sender name at all"], 21212),
            (["To": "whatsapp:+447700900142"], 21910), (["Body": String(repeating: "a", count: 1601)], 21617),
            (["MediaUrl": "ftp://x"], 21620), (["StatusCallback": "nonsense"], 21609),
            (["StatusCallback": "https://under_score.example/x"], 21609), (["ContentVariables": "{}"], 21654),
            (["ContentSid": "HX1"], 21655),
            (["ContentSid": "HX00000000000000000000000000000001", "ContentVariables": "[1]"], 21656),
            (["ValidityPeriod": "36001"], 21624), (["MessagingServiceSid": "MG1"], 21705),
            (["MessagingServiceSid": "MG00000000000000000000000000000009"], 21701),
            (["ScheduleType": "fixed", "SendAt": "2026-01-01T01:00:00Z"], 35118), (["To": "+41791234567"], 21266),
            (["From": "+15005550001"], 21212), (["From": "+15005550007"], 21606), (["From": "+15005550008"], 21611),
            (["To": "+15005550001"], 21211), (["To": "+15005550002"], 21612), (["To": "+15005550003"], 21408),
            (["To": "+15005550004"], 21610), (["To": "+15005550009"], 21614),
            (["From": "+15005550001", "To": "+15005550009"], 21212),
        ] as [([String: String], Int)])
    func codes(change: [String: String], code: Int) throws {
        let bench = try SimulatorBench()
        let form = Self.good.merging(change) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let answer = bench.message(form)
        #expect(answer.json["code"]?.int == Int64(code))
        #expect(answer.json["status"]?.int == Int64(answer.status))
        #expect(answer.json["more_info"]?.string == "https://www.twilio.com/docs/errors/\(code)")
        #expect(answer.status == (code == 21701 ? 404 : 400))
    }

    @Test("short codes, sender names and 1600 characters are good")
    func good() throws {
        let bench = try SimulatorBench()
        for from in ["12345", "NaviDocs", "+15005550006"] {
            #expect(bench.message([("To", "+447700900142"), ("From", from), ("Body", "x")]).status == 201)
        }
        let long = String(repeating: "\u{1F600}", count: 1600)
        #expect(bench.message([("To", "+447700900142"), ("From", "12345"), ("Body", long)]).status == 201)
    }

    @Test("only the account's own credentials open anything")
    func credentials() throws {
        let bench = try SimulatorBench()
        let path = SimulatorBench.account + "/Messages.json"
        #expect(bench.send("GET", path).status == 200)
        #expect(bench.send("GET", path, user: SimulatorBench.credentials.keySID, password: "secret").status == 200)
        let wrong = bench.send("GET", path, password: "wrong")
        #expect(wrong.status == 401)
        #expect(wrong.json["code"]?.int == 20003)
        #expect(bench.send("GET", path, user: SimulatorBench.credentials.keySID, password: "token").status == 401)
        let other = "/2010-04-01/Accounts/AC" + String(repeating: "c", count: 32) + "/Messages.json"
        #expect(bench.send("GET", other).json["code"]?.int == 20404)
    }

    @Test("unknown resources are 404, methods that a resource has not are 405")
    func routes() throws {
        let bench = try SimulatorBench()
        #expect(bench.send("GET", SimulatorBench.account + "/Nothing.json").json["code"]?.int == 20404)
        #expect(bench.send("GET", SimulatorBench.account + "/Messages/SM1.json").json["code"]?.int == 20404)
        #expect(bench.send("PUT", SimulatorBench.account + "/Messages.json").json["code"]?.int == 20004)
        #expect(bench.send("GET", "/").status == 404)
    }

    @Test("pages follow each other without gaps while new messages come in, filters by sender, recipient and day hold")
    func paging() throws {
        let bench = try SimulatorBench(["senders": ["+41791234567": ["rate": "1000/s"]]])
        var sids: [String] = []
        for index in 0..<7 {
            let to = index == 3 ? "+447700900199" : "+447700900142"
            let answer = bench.message([("To", to), ("From", "+41791234567"), ("Body", "\(index)")])
            sids.insert(answer.json["sid"]?.string ?? "", at: 0)
        }
        var target: String? = SimulatorBench.account + "/Messages.json?PageSize=3&DateSent%3E=2026-01-01"
        var seen: [String] = []
        var pages: [JSONValue] = []
        while let next = target, pages.count < 9 {
            let page = bench.send("GET", next).json
            pages.append(page)
            seen += (page["messages"]?.array ?? []).compactMap { $0["sid"]?.string }
            target = page["next_page_uri"]?.string
            bench.message([("To", "+447700900142"), ("From", "+41791234567"), ("Body", "new")])
        }
        #expect(seen == sids)
        #expect(pages.map { $0["page"]?.int } == [0, 1, 2])
        #expect(pages[1]["start"]?.int == 3)
        #expect(pages[2]["end"]?.int == 6)
        let back = bench.send("GET", pages[2]["previous_page_uri"]?.string ?? "").json
        #expect(back["messages"] == pages[1]["messages"])
        let one = bench.send("GET", SimulatorBench.account + "/Messages.json?To=%2B447700900199").json
        #expect(one["messages"]?.array?.count == 1)
        let none = bench.send("GET", SimulatorBench.account + "/Messages.json?DateSent%3C=2025-12-31").json
        #expect(none["messages"]?.array?.isEmpty == true)
        let bad = bench.send("GET", SimulatorBench.account + "/Messages.json?DateSent=yesterday")
        #expect(bad.status == 400)
    }

    @Test("a text can be redacted and a message deleted only when it is over")
    func redaction() throws {
        let bench = try SimulatorBench()
        let sid = bench.message(Self.good.map { ($0.key, $0.value) }).json["sid"]?.string ?? ""
        let path = SimulatorBench.account + "/Messages/\(sid).json"
        #expect(bench.send("DELETE", path).json["code"]?.int == 20009)
        bench.settle()
        #expect(bench.send("POST", path, [("Body", "")]).json["body"]?.string == "")
        #expect(bench.send("DELETE", path).status == 204)
        #expect(bench.send("GET", path).status == 404)
    }
}
