// Forms and percent-encoding: both readers of forms and a plain reference agree, what is written is read back, and the
// sorted concatenation that signatures need does not depend on the order of the fields.
import Forms

/// Called by libFuzzer with each input: the body of a form.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzForms(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let input = FuzzInput(data, size)
    let body = input.rest
    let view = FormView(parsing: body)
    let fields = (0..<view.count).map { [Array(view.name(at: $0)), Array(view.value(at: $0))] }
    expect(fields == reference(body), "the fields differ from those of the reference")
    let form = Form(parsing: body)
    expect(form.fields.count == view.count, "\(form.fields.count) fields against \(view.count)")
    expect(Form(parsing: form.encode()) == form, "what was written reads differently")
    checkSorting(view, body)

    let text = input.text
    let component = PercentCoding.decode(PercentCoding.encode(text))
    expect(component.utf8.elementsEqual(text.utf8), "a component reads differently")
    expect(PercentCoding.decode(body).count <= body.count, "decoding made it longer")
    return 0
}

/// As the WHATWG standard words it: divide at `&`, then at the first `=`, then decode.
private func reference(_ body: [UInt8]) -> [[[UInt8]]] {
    body.split(separator: UInt8(ascii: "&")).map { pair in
        let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        return [0, 1].map { halves.indices.contains($0) ? PercentCoding.decode(halves[$0], plusIsBlank: true) : [] }
    }
}

private func checkSorting(_ view: FormView, _ body: [UInt8]) {
    let backwards = body.split(separator: UInt8(ascii: "&")).reversed().joined(separator: [UInt8(ascii: "&")])
    var one: [UInt8] = []
    var other: [UInt8] = []
    view.appendSorted(to: &one)
    FormView(parsing: Array(backwards)).appendSorted(to: &other)
    expect(one == other, "the order of the fields shows in what is signed")
    let longest = (0..<view.count).reduce(0) { $0 + view.name(at: $1).count + view.value(at: $1).count }
    expect(one.count <= longest, "more is signed than there is")
}
