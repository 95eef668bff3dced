import JSON
import Testing

@testable import Assembly

@Suite("tables of recipients")
struct RecipientFileTests {
    @Test("columns become what a recipient has; empty cells say nothing")
    func recipients() throws {
        let text = "to,locale,label.kind,item,boat.name\n +41791110001 ,de,vip,Pump,Aurora\n+41791110002,,,,\nshort\n"
        let file = try RecipientFile(Array(text.utf8))
        #expect(
            file.recipients == [
                [
                    "to": "+41791110001", "locale": "de",
                    "variables": ["item": "Pump", "boat": ["name": "Aurora"]], "labels": ["kind": "vip"],
                ], ["to": "+41791110002"],
            ])
        #expect(file.lines == [2, 3])
        #expect(file.faults == ["4: has 1 fields, not 5"])
    }

    @Test(
        "a file without usable columns is refused",
        arguments: [("", "no_header"), ("a,b\n", "no_recipient"), ("to,x,x\n", "bad_header"), ("to,\n", "bad_header")])
    func header(_ text: String, _ code: String) {
        let error = #expect(throws: CommandFailure.self) { try RecipientFile(Array(text.utf8)) }
        #expect(error?.code == code)
    }
}
