import Gateway
import JSON

/// The findings of `check` for people and for programs.
enum CheckReport {
    // MARK: for people

    /// Findings as `file:line:column: error: …`, which editors understand, then the bounds of the policies and a summary
    /// for each file.
    static func text(_ files: [CheckedFile], _ paint: Paint) -> String {
        files.map { text($0, paint) }.joined()
    }

    private static func text(_ file: CheckedFile, _ paint: Paint) -> String {
        var lines = file.diagnostics.map { line($0, paint) }
        let name = PlainText.line(file.file)
        for bound in file.bounds { lines.append("\(name): policy \(sentence(bound))") }
        if !file.bounds.isEmpty { lines.append(paint(.faint, "\(name): \(assumption)")) }
        lines.append("\(name): \(summary(file, paint))")
        return lines.map { $0 + "\n" }.joined()
    }

    private static func line(_ finding: Diagnostic, _ paint: Paint) -> String {
        let place = "\(PlainText.line(finding.file)):\(finding.line):\(finding.column)"
        let word = paint(finding.severity == .error ? .bad : .caution, finding.severity.rawValue)
        return
            "\(paint(.strong, place)): \(word): \(PlainText.line(finding.message)) \(paint(.faint, "[\(finding.code)]"))"
    }

    private static func sentence(_ bound: PolicyBound) -> String {
        let critical = bound.criticalDuration == bound.duration ? "" : " (critical \(bound.criticalDuration.written))"
        let place = bound.country.map { " (\($0))" } ?? ""
        let unpriced = bound.unpriced.isEmpty ? "" : ", without a price for \(bound.unpriced.joined(separator: ", "))"
        return "'\(bound.policy)': the steps take at most \(bound.duration.written)\(critical), it expires after "
            + "\(bound.expires.written); a delivery costs at most \(bound.cost.text)\(place)\(unpriced)"
    }

    static let assumption =
        "costs are for values of \(PolicyBound.valueLength) characters and texts of \(PolicyBound.textLength)"

    private static func summary(_ file: CheckedFile, _ paint: Paint) -> String {
        let errors = count(file.count(.error), "error")
        let warnings = count(file.count(.warning), "warning")
        if file.count(.error) > 0 { return paint(.bad, "\(errors), \(warnings)") }
        return file.count(.warning) > 0 ? paint(.caution, "usable, \(warnings)") : paint(.good, "ok")
    }

    private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

    // MARK: for programs

    /// `{files: [{file, usable, findings, policies}], errors, warnings, assumptions}`.
    static func json(_ files: [CheckedFile]) -> JSONValue {
        [
            "files": .array(files.map(value)),
            "errors": .int(files.reduce(0) { $0 + $1.count(.error) }),
            "warnings": .int(files.reduce(0) { $0 + $1.count(.warning) }),
            "assumptions": [
                "value_length": .int(PolicyBound.valueLength), "text_length": .int(PolicyBound.textLength),
            ],
        ]
    }

    private static func value(_ file: CheckedFile) -> JSONValue {
        [
            "file": .string(file.file), "usable": .bool(file.count(.error) == 0),
            "findings": .array(
                file.diagnostics.map { finding in
                    [
                        "severity": .string(finding.severity.rawValue), "code": .string(finding.code),
                        "line": .int(finding.line), "column": .int(finding.column), "message": .string(finding.message),
                    ]
                }),
            "policies": .array(file.bounds.map(\.value)),
        ]
    }
}
