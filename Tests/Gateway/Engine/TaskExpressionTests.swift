import Testing

@testable import Gateway

@Suite("Expressions on workers and tasks")
struct TaskExpressionTests {
    private static let worker: [String: AttributeValue] = [
        "skills": .list([.text("engine"), .text("warranty")]), "languages": .list([.text("de")]), "level": .number(2),
        "night": .boolean(true), "town": .text("Bern"),
    ]
    private static let scope = AttributeScope(
        worker.mapValues(\.type).merging(["gone": .text]) { first, _ in first }, openPrefix: "details.")

    private func holds(_ text: String) throws -> Bool {
        let expression = try TaskExpression(parsing: text)
        try expression.check(Self.scope)
        return expression.holds { Self.worker[$0] }
    }

    @Test(
        "what holds of a worker",
        arguments: [
            ("skills HAS \"warranty\"", true), ("skills HAS 'sails'", false), ("level >= 2", true),
            ("level > 2", false),
            ("level < 2.5 AND level != 3", true), ("\"de\" IN languages", true), ("town IN [\"Zug\", 'Bern']", true),
            ("town NOT IN ['Zug']", true), ("NOT town == 'Bern'", false), ("night == true", true),
            ("level == 1 OR night == true AND town CONTAINS 'er'", true), ("town CONTAINS 'bern'", false),
            ("(level == 1 OR night == true) AND level == 1", false), ("not (level==1)", true), ("1 == 1", true),
            ("level == -2", false), ("town CONTAINS ''", true),
            // Nothing is said of what is not there.
            ("gone == 'x'", false), ("gone != 'x'", false), ("gone NOT IN ['x']", false), ("details.app == 1", false),
        ])
    func truth(_ text: String, _ expected: Bool) throws { #expect(try holds(text) == expected) }

    @Test(
        "what cannot be read names the character",
        arguments: [
            ("", 1), ("level", 6), ("level = 2", 7), ("level == ", 10), ("(level == 2", 12), ("level == 2)", 11),
            ("level == 2 level", 12), ("town == 'x", 9), ("town IN [", 10), ("town IN [level]", 10),
            ("town NOT HAS 1", 10),
            ("level == 1.2.3", 10), ("level == -", 10), ("town == x-y", 10), ("a ~ b", 3),
        ])
    func faults(_ text: String, _ place: Int) {
        #expect {
            try TaskExpression(parsing: text)
        } throws: { error in
            let fault = error as? TaskExpressionFault
            return fault?.code == "invalid_expression" && fault?.message.contains("at character \(place):") == true
        }
    }

    @Test("hostile texts are refused, not followed")
    func hostile() {
        let deep = String(repeating: "(", count: 900) + "level == 1" + String(repeating: ")", count: 900)
        let nots = String(repeating: "NOT ", count: 400) + "level == 1"
        let long = "level == 1" + String(repeating: " OR level == 1", count: 200)
        for text in [deep, nots, long, "\u{0}", "\u{FFFD}"] {
            #expect(throws: TaskExpressionFault.self) { try TaskExpression(parsing: text) }
        }
    }

    @Test(
        "types are checked",
        arguments: [
            "level == 'x'", "level HAS 1", "skills == 'x'", "town < 2", "town IN 'Zug'", "skills IN ['x']",
            "level CONTAINS 'x'", "skills HAS languages", "night == 1",
        ])
    func types(_ text: String) throws {
        let expression = try TaskExpression(parsing: text)
        #expect { try expression.check(Self.scope) } throws: {
            ($0 as? TaskExpressionFault)?.code == "type_mismatch"
        }
    }

    @Test("a name that nothing has is told")
    func names() throws {
        let expression = try TaskExpression(parsing: "NOT (level == 2 AND skill HAS 'x')")
        #expect { try expression.check(Self.scope) } throws: { ($0 as? TaskExpressionFault)?.name == "skill" }
        #expect(TaskExpression.isAttributeName("a_1") && !TaskExpression.isAttributeName("a-1"))
        for name in ["", "IN", "true", "a.b", "1a", "a b", "a == 1 OR a"] {
            #expect(!TaskExpression.isAttributeName(name))
        }
    }
}
