// channels.yaml: whatever stands in it, all findings lie inside of the text and have a code, and without an error there
// is a configuration whose snapshot reads back as the same bytes.
@testable import Assembly
@testable import Gateway

private let reader = ConfigurationReader(
    environment: ["NUMBER": "+41791234567", "SECRET": "secret", "EMPTY": ""],
    readFile: { path in Array(path.utf8) }, catalogue: ProgramCatalogue.value,
    isZone: { ["Europe/Zurich", "UTC"].contains($0) })

private let codeBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789_".utf8)

/// Called by libFuzzer with each input: the text of the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfiguration(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = FuzzInput(data, size).rest
    let reading = reader.read(text, file: "fuzz.yaml")
    for finding in reading.diagnostics {
        expect(isInside(line: finding.line, column: finding.column, of: text), "\(finding.text) is outside")
        expect(!finding.code.isEmpty && finding.code.utf8.allSatisfy(codeBytes.contains), "code \(finding.code)")
        expect(!finding.message.isEmpty, "\(finding.code) says nothing")
    }
    let places = reading.diagnostics.map { [$0.line, $0.column] }
    expect(zip(places, places.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) }, "findings are unsorted")
    let hasErrors = reading.diagnostics.contains { $0.severity == .error }
    expect((reading.configuration == nil) == hasErrors, "errors and configuration exclude each other")
    if let configuration = reading.configuration { check(configuration) }
    return 0
}

private func check(_ configuration: GatewayConfiguration) {
    for times in configuration.times.prefix(20) { check(times) }
    let bytes = configuration.snapshot()
    do throws(SnapshotError) {
        expect(try ConfigurationSnapshot(reading: bytes).bytes() == bytes, "the snapshot reads differently")
    } catch {
        expect(false, "\(error.code): \(error.message)")
    }
}

/// An interval that holds ends, and one that begins did not hold before.
private func check(_ times: NamedTimes) {
    let now = Timestamp(milliseconds: 1_795_000_000_000)
    if let end = times.end(after: now, in: .utc) {
        expect(times.contains(now, in: .utc) && end > now, "ends without holding")
    } else if let begin = times.beginning(after: now, in: .utc) {
        expect(!times.contains(now, in: .utc) && times.contains(begin, in: .utc), "does not hold when it begins")
        expect(!times.contains(Timestamp(milliseconds: begin.milliseconds - 1), in: .utc), "held before it begins")
    }
}
