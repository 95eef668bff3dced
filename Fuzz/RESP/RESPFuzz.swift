// RESP2: any bytes, cut anywhere, are read to a value, a fault or nothing; where they are cut makes no difference; what a
// command writes reads back.
import RESP

/// Called by libFuzzer with each input: where to cut, and what a server answers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRESP(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let step = 1 + Int(input.byte())
    let bytes = input.rest
    let whole = values(bytes, step: max(1, bytes.count))
    let cut = values(bytes, step: step)
    expect(whole.values == cut.values, "cut at \(step): \(cut.values.count) values instead of \(whole.values.count)")
    expect(whole.fault == nil || cut.fault != nil, "a fault is none where the bytes are cut")
    var command = RESPCommand("A")
    command.arguments.append(bytes)
    let read = values(command.bytes, step: step)
    expect(bytes.count > 1 << 20 || read.values == [.array(command.arguments.map(RESPValue.bulk))], "no round trip")
    _ = RedisURL(String(decoding: bytes, as: UTF8.self)).map { RedisURL($0.shown) }
    return 0
}

private func values(_ bytes: [UInt8], step: Int) -> (values: [RESPValue], fault: RESPFault?) {
    var parser = RESPParser()
    var out: [RESPValue] = []
    var start = 0
    do throws(RESPFault) {
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            parser.feed(bytes[start..<end])
            start = end
            while let value = try parser.next() { out.append(value) }
        }
        return (out, nil)
    } catch {
        return (out, error)
    }
}
