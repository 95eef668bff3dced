import Zones

// Templates: faults lie inside of the text, what is put in is never read as a template, and a text without
// placeholders stays as it is.
@testable import Templates

/// Called by libFuzzer with each input: locale, template and value as records.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplates(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let records = FuzzInput(data, size).records.map { String(decoding: $0, as: UTF8.self) }
    let text = records.count > 1 ? records[1] : ""
    let value = records.count > 2 ? records[2] : ""
    do throws(TemplateError) {
        let template = try Template(text)
        expect(Set(template.requiredPaths).isSubset(of: template.paths), "a required path is none")
        check(template, locale: records[0], value)
        if template.paths.isEmpty, !text.utf8.contains(UInt8(ascii: "\\")) {
            expect(rendered(template, records[0], .text(value)) == text, "a literal changed")
        }
        expect(try Template(text) == template, "read again it differs")
    } catch {
        expectInside(error, text)
    }
    if let expression = try? Template(expression: text) {
        check(expression, locale: records[0], value)
        expect(expression.paths.count == 1, "\(expression.paths)")
    }
    return 0
}

private func check(_ template: Template, locale: String, _ value: String) {
    let length = Int64(value.utf8.count)
    let day = CivilDate(daysSinceEpoch: Int(length) * 1000)
    let values: [TemplateValue] = [
        .text(value), .number(value), .instant(length << 40), .instant(-length << 40), .date(day),
        .money(amount: value, currency: "CHF"),
    ]
    for value in values { _ = rendered(template, locale, value) }
    // Filters may change a value; without one it appears as it is, braces and all.
    if let same = try? Template("{{ v }}"), let shown = rendered(same, locale, .text(value)) {
        expect(shown.utf8.elementsEqual(value.utf8), "a value was changed")
    }
}

private func rendered(_ template: Template, _ locale: String, _ value: TemplateValue) -> String? {
    do throws(TemplateError) {
        return try template.render(in: TemplateContext(locale: locale, zone: .utc) { _ in value })
    } catch {
        expectInside(error, template.text)
        return nil
    }
}

private func expectInside(_ error: TemplateError, _ text: String) {
    expect((0...text.utf8.count).contains(error.offset), "offset \(error.offset) of \(text.utf8.count)")
    let lines = text.utf8.count { $0 == 0x0A } + 1
    expect((1...lines).contains(error.line) && error.column >= 1, "\(error.line):\(error.column) is outside")
}
