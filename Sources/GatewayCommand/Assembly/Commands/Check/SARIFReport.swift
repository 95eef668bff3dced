import Forms
import Gateway
import JSON

/// The findings of `check` in the Static Analysis Results Interchange Format 2.1.0 (OASIS), which code hosts show beside
/// the lines.
enum SARIFReport {
    /// The log of one run over all files.
    static func value(_ files: [CheckedFile]) -> JSONValue {
        let findings = files.flatMap(\.diagnostics)
        let rules = Set(findings.map(\.code)).sorted()
        return [
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "gateway check", "version": .string(ProgramVersion.text),
                            "rules": .array(rules.map { ["id": .string($0)] }),
                        ]
                    ],
                    "columnKind": "unicodeCodePoints",
                    "results": .array(findings.map { result($0, rules) }),
                ]
            ],
        ]
    }

    private static func result(_ finding: Diagnostic, _ rules: [String]) -> JSONValue {
        [
            "ruleId": .string(finding.code),
            "ruleIndex": .int(rules.firstIndex(of: finding.code) ?? -1),
            "level": .string(finding.severity.rawValue),
            "message": ["text": .string(finding.message)],
            "locations": [
                [
                    "physicalLocation": [
                        "artifactLocation": ["uri": .string(uri(finding.file))],
                        "region": [
                            "startLine": .int(max(1, finding.line)), "startColumn": .int(max(1, finding.column)),
                        ],
                    ]
                ]
            ],
        ]
    }

    /// A path as a URI reference (RFC 3986 §4.2): relative as it is, absolute with the scheme `file`.
    static func uri(_ path: String) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map {
            PercentCoding.encode(String($0))
        }
        return (path.hasPrefix("/") ? "file://" : "") + parts.joined(separator: "/")
    }
}
