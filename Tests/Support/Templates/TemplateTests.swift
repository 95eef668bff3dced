import Testing
import Zones

@testable import Templates

@Suite("Templates")
struct TemplateTests {
    private func context(_ locale: String = "en", zone: Zone = .utc) -> TemplateContext {
        TemplateContext(
            locale: locale, zone: zone,
            values: [
                "item": .text("Radar {{ link }}"), "link": .text("https://x.example/1"), "empty": .text(""),
                "warranty_end": .text("2026-12-01"), "at": .instant(1_795_458_660_250), "n": .integer(-3),
                "contact.name": .text("Zoë"), "price": .money(amount: "1234.5", currency: "EUR"),
                "day": .text("2026-11-23T23:30:00Z"), "cost": .text("0.60 USD"), "code": .text("ab-12é"),
                "1": .text("one"),
            ])
    }

    private func render(_ text: String, _ locale: String = "en", zone: Zone = .utc) throws -> String {
        try Template(text).render(in: context(locale, zone: zone))
    }

    @Test(
        "values are put in, and what is put in is not read as a template",
        arguments: [
            ("", ""), ("plain", "plain"), ("{{item}}!", "Radar {{ link }}!"), ("{{ contact.name }}", "Zoë"),
            ("{{ n }}{{ 1 }}", "-3one"), ("a }} b { c", "a }} b { c"), ("\\{{ item }}", "{{ item }}"),
            ("\\\\{{ item", "\\{{ item"), ("{{\n item \t}}", "Radar {{ link }}"), ("{{ contact.name | upper }}", "ZOË"),
            ("{{ code | spell }}", "a b 1 2 é"), ("{{ gone | default: \"some \\\"one\\\"\" }}", "some \"one\""),
            ("{{ empty | default: x }}", "x"), ("{{ gone | date | default: \"soon\" | upper }}", "SOON"),
            ("{{ item | default: \"}}\" }}", "Radar {{ link }}"), ("{{ warranty_end }}", "2026-12-01"),
            ("{{ at }}", "2026-11-23T18:31:00.250Z"), ("{{ price }}", "1234.5 EUR"), ("{{empty}}", ""),
        ])
    func rendered(_ text: String, _ expected: String) throws {
        #expect(try render(text) == expected)
    }

    @Test(
        "dates, times and amounts are written as the language does",
        arguments: [
            ("en", "December 1, 2026|6:31 PM|1,234.50 EUR"), ("en-GB", "1 December 2026|18:31|1,234.50 EUR"),
            ("de", "1. Dezember 2026|18:31|1.234,50 EUR"), ("de_CH", "1. Dezember 2026|18:31|1'234.50 EUR"),
            ("fr", "1er décembre 2026|18:31|1 234,50 EUR"), ("it-IT", "1 dicembre 2026|18:31|1.234,50 EUR"),
            ("es-419", "1 de diciembre de 2026|18:31|1.234,50 EUR"), ("hr", "1. prosinca 2026.|18:31|1.234,50 EUR"),
            ("el", "1 Δεκεμβρίου 2026|6:31 μ.μ.|1.234,50 EUR"), ("xx", "December 1, 2026|6:31 PM|1,234.50 EUR"),
            ("de-Latn-CH", "1. Dezember 2026|18:31|1'234.50 EUR"), ("", "December 1, 2026|6:31 PM|1,234.50 EUR"),
        ])
    func locales(_ locale: String, _ expected: String) throws {
        #expect(try render("{{ warranty_end | date }}|{{ at | time }}|{{ price | money }}", locale) == expected)
    }

    @Test("an instant is shown in the zone of the recipient")
    func zones() throws {
        let zone = try Zone(named: "Europe/Zurich")
        #expect(try render("{{ day | date: short }} {{ day | time }}", "de", zone: zone) == "24.11.2026 00:30")
        #expect(try render("{{ day | date: iso }}") == "2026-11-23")
        #expect(try render("{{ at | date: short }}") == "11/23/2026")
    }

    @Test("every language has twelve months, and every month its place")
    func months() throws {
        for (tag, patterns) in LocalePatterns.table {
            #expect(patterns.months.count == 12, "\(tag)")
            #expect(Set(patterns.months).count == 12)
        }
    }

    @Test(
        "currencies have their own number of digits",
        arguments: [
            ("5", "USD", "5.00 USD"), ("500", "JPY", "500 JPY"), ("0.0075", "USD", "0.0075 USD"),
            ("1", "KWD", "1.000 KWD"),
            ("-1234567", "CHF", "-1,234,567.00 CHF"), ("007.5", "EUR", "7.50 EUR"), ("0", "EUR", "0.00 EUR"),
        ])
    func currencies(_ amount: String, _ currency: String, _ expected: String) throws {
        let context = TemplateContext(
            locale: "en", zone: .utc, values: ["m": .money(amount: amount, currency: currency)])
        #expect(try Template(expression: "m | money").render(in: context) == expected)
    }

    @Test(
        "a mistake has its code and its place",
        arguments: [
            ("a {{ item", .unclosed, 1, 3), ("{{ item } }", .malformed, 1, 9), ("{{ }}", .malformed, 1, 4),
            ("é\n\n {{ a b }}", .malformed, 3, 7), ("{{ a | }}", .malformed, 1, 8), ("{{ a. }}", .malformed, 1, 6),
            ("{{ a | lower }}", .unknownFilter, 1, 8), ("{{ a | date: medium }}", .badArgument, 1, 8),
            ("{{ a | default }}", .badArgument, 1, 8), ("{{ a | upper: x }}", .badArgument, 1, 8),
            ("{{ a | default: \"x }}", .unclosed, 1, 17), ("{{ a | time: }}", .badArgument, 1, 8),
            ("{{ for x in y }}", .malformed, 1, 8), ("{{ {{ a }} }}", .malformed, 1, 4),
            ("{{ a || b }}", .malformed, 1, 7),
        ] as [(String, TemplateError.Code, Int, Int)])
    func mistakes(_ text: String, _ code: TemplateError.Code, _ line: Int, _ column: Int) {
        let error = #expect(throws: TemplateError.self) { try Template(text) }
        #expect(error?.code == code)
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test("a missing value is named with its place")
    func missing() {
        let error = #expect(throws: TemplateError.self) { try render("Dear\n{{ contact.nmae | upper }}") }
        #expect(error?.code == .missingVariable)
        #expect(error?.path == "contact.nmae")
        #expect(error?.description.hasPrefix("2:1: there is no value for 'contact.nmae'") == true)
    }

    @Test(
        "a value that is no date or amount is an error that does not show it",
        arguments: [
            "{{ item | date }}", "{{ item | time }}", "{{ warranty_end | time }}", "{{ item | money }}",
            "{{ n | date }}",
            "{{ at | money }}", "{{ warranty_end | date | date }}",
        ])
    func unfit(_ text: String) {
        let error = #expect(throws: TemplateError.self) { try render(text) }
        #expect(error?.code == .unfitValue)
        #expect(error?.message.contains("Radar") == false)
    }

    @Test("paths are listed once, and required where no default stands in")
    func paths() throws {
        let template = try Template("{{ b }} {{ a.c | default: \"x\" }} {{ b | upper }} {{ d }}")
        #expect(template.paths == ["b", "a.c", "d"])
        #expect(template.requiredPaths == ["b", "d"])
        #expect(try Template("none").paths.isEmpty)
    }

    @Test("an expression is a placeholder without braces")
    func expressions() throws {
        let template = try Template(expression: " warranty_end | date: short ")
        #expect(template.paths == ["warranty_end"])
        #expect(try template.render(in: context("de")) == "01.12.2026")
        for bad in ["", "{{ a }}", "a b", "a }}"] {
            #expect(throws: TemplateError.self) { try Template(expression: bad) }
        }
    }

    @Test("a template that is too long is refused")
    func tooLong() {
        let error = #expect(throws: TemplateError.self) { try Template(String(repeating: "x", count: 65537)) }
        #expect(error?.code == .tooLong)
    }

    @Test("no text crashes the reader")
    func noCrash() {
        let pieces = ["{{", "}}", "\\", "|", ":", "\"", " ", "a", ".", "date", "default", "é", "\n", "{", "}"]
        var state: UInt64 = 3
        var good = 0
        for _ in 0..<20000 {
            var text = ""
            for _ in 0..<9 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(state >> 33) % pieces.count]
            }
            if let template = try? Template(text) {
                good += 1
                _ = try? template.render(in: context())
            }
        }
        #expect(good > 100)
    }
}
