import JSON
import Testing

@testable import Assembly

@Suite("gateway warranties")
struct WarrantiesCommandTests {
    private static let pump: JSONValue = [
        "id": "w-1", "boat": "aurora", "item": "Pump", "expires_on": "2027-06-30",
        "next_reminder": ["at": "2027-04-01T07:00:00.000Z", "lead_time": "90d", "time_zone": "Europe/Zurich"],
    ]

    @Test("the list shows the next reminder")
    func list() {
        let run = TestRun.online([(200, ["data": [Self.pump], "next_cursor": .null])])
        #expect(run.run("warranties", "list") == 0)
        #expect(
            run.output.text == """
                ID   BOAT    ITEM  EXPIRES ON  NEXT REMINDER
                w-1  aurora  Pump  2027-06-30  2027-04-01T07:00:00.000Z (90d)

                """)
    }

    @Test("every row of a file becomes a warranty, and a bad one is told with its line and keeps nobody else away")
    func importFile() {
        let file = """
            id,boat,item,expires_on,label.maker,variable.serial,attachments
            w-1,aurora,"Pump, bilge",2027-06-30,jabsco,7,https://a.example/1 https://a.example/2
            w-2,aurora,Winch,2027-13-30,,,
            w-3,aurora
            ,aurora,Mast,2027-06-30,,,
            """
        let problem: JSONValue = [
            "code": "invalid_request", "detail": "The request has faults.",
            "errors": [["pointer": "/expires_on", "detail": "must be a day such as 2027-03-31"]],
        ]
        let run = TestRun.online([(200, Self.pump), (400, problem)], files: ["w.csv": file])
        #expect(run.run("warranties", "import", "w.csv") == 1)
        #expect(run.api.requests.map(\.path) == ["/v1/warranties/w-1", "/v1/warranties/w-2"])
        #expect(
            run.api.requests.first?.body == [
                "boat": "aurora", "item": "Pump, bilge", "expires_on": "2027-06-30",
                "attachments": ["https://a.example/1", "https://a.example/2"], "labels": ["maker": "jabsco"],
                "variables": ["serial": "7"],
            ])
        #expect(run.output.text == "imported 1 of 4 warranties\n")
        let told = run.errors.text
        #expect(told.contains("w.csv:3: ") && told.contains("/expires_on: must be a day"))
        #expect(told.contains("w.csv:4: the row has 2 fields, the header 7"))
        #expect(told.contains("w.csv:5: the row has no id"))
    }

    @Test(
        "a file whose columns are not known is refused as a whole", arguments: ["id,bote", "id,id", "boat", "", "\"a"])
    func columns(_ header: String) {
        let run = TestRun.online([(200, .null)], files: ["w.csv": header])
        #expect(run.run("warranties", "import", "w.csv") == 1)
        #expect(run.api.requests.isEmpty)
        #expect(run.errors.text.contains("w.csv"))
    }

    @Test("a key that may not is told once")
    func forbidden() {
        let file = "id,boat,item,expires_on\na,b,c,2027-01-01\nd,b,c,2027-01-01"
        let run = TestRun.online([(403, ["code": "forbidden", "detail": "no"])], files: ["w.csv": file])
        #expect(run.run("warranties", "import", "w.csv") == 1)
        #expect(run.api.requests.count == 1)
    }
}
