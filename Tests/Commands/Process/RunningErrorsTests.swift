import JSON
import Testing

@testable import Assembly

extension RunningGatewayTests {
    @Test("errors and receipts are asked for, and explain tells what is left of budgets")
    func errors() throws {
        let running = try Running()
        let none = running.command("errors", "--severity", "critical", "--since", "1h", "--json")
        #expect(none.status == 0, "\(none.errors.text)")
        #expect(try JSONValue(parsing: none.output.text) == ["data": [], "next_cursor": .null])
        let wrong = running.command("errors", "--severity", "bad")
        #expect(wrong.status == 1)
        #expect(wrong.errors.text.contains("info, warning, error, critical"))
        #expect(running.command("receipts").output.text.hasPrefix("CHANNEL  COUNTRY"))
        #expect(running.command("contacts", "put", "anna", "--name", "Anna", "--phone", "+41791234567").status == 0)
        let explained = running.command("explain", "--to", "contact:anna", "--text", "x", "--running")
        #expect(explained.status == 0, "\(explained.errors.text)")
        #expect(explained.output.text.contains("To +41791234567"))
    }
}
