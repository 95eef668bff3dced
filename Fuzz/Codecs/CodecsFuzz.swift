import JSON

// What the store keeps: whatever bytes it gives back, reading them is an error or a value, never a trap, and a value
// is written and read back as the same one.
@testable import Gateway

/// Called by libFuzzer with each input: which codec, then the stored bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCodecs(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    switch input.byte() % 9 {
    case 0: checkState(input.rest)
    case 1: checkEvent(input.rest)
    case 2: checkEnvelope(input.rest)
    case 3: checkJob(input.rest)
    case 4: checkSnapshot(input.rest)
    case 5: checkLookUps(input.rest)
    case 6: checkProgress(input.rest)
    case 7: checkCourse(input.rest)
    default: checkResults(input.rest)
    }
    return 0
}

private func checkState(_ bytes: [UInt8]) {
    guard let state = try? StateCodec.decode(bytes) else { return }
    let blob = StateCodec.encode(state)
    expect((try? StateCodec.decode(blob)) == state, "a state reads differently")
    expect(state.attempts.allSatisfy { state.steps.indices.contains(Int($0.step)) }, "an attempt without a step")
    for length in 0..<blob.count {
        expect((try? StateCodec.decode(Array(blob[..<length]))) == nil, "a part of a state is taken for a whole one")
    }
    expect((try? StateCodec.decode(blob + [0])) == nil, "something behind a state is overlooked")
}

private func checkProgress(_ bytes: [UInt8]) {
    guard let progress = try? MailingProgress(bytes) else { return }
    let blob = progress.encoded
    expect((try? MailingProgress(blob)) == progress, "the progress of a batch reads differently")
    expect(progress.rejected >= 0, "a sum that is none")
    for length in 0..<blob.count {
        expect((try? MailingProgress(Array(blob[..<length]))) == nil, "a part of a progress is taken for a whole one")
    }
    expect((try? MailingProgress(blob + [0])) == nil, "something behind a progress is overlooked")
}

private func checkCourse(_ bytes: [UInt8]) {
    guard let course = TaskCourse(bytes) else { return }
    expect(TaskCourse(course.bytes) == course, "the way of a task reads differently")
    expect(course.steps.isEmpty ? course.step == 0 : course.steps.indices.contains(course.step), "a step that is none")
}

private func checkResults(_ bytes: [UInt8]) {
    guard let results = try? MailingResult.decode(bytes) else { return }
    expect((try? MailingResult.decode(MailingResult.encode(results))) == results, "results of a part read differently")
}

private func checkEvent(_ bytes: [UInt8]) {
    guard let event = try? EventCodec.decode(bytes) else { return }
    let blob = EventCodec.encode(event.notes, previous: 7, at: event.time)
    let again = try? EventCodec.decode(blob)
    expect(again?.notes == event.notes && again?.time == event.time, "an event reads differently")
    for length in 0..<blob.count {
        expect((try? EventCodec.decode(Array(blob[..<length]))) == nil, "a part of an event is taken for a whole one")
    }
    expect((try? EventCodec.decode(blob + [0])) == nil, "something behind an event is overlooked")
}

private func checkEnvelope(_ bytes: [UInt8]) {
    guard let envelope = try? JobCodec.envelope(bytes) else { return }
    expect((try? JobCodec.envelope(JobCodec.message(envelope))) == envelope, "an envelope reads differently")
}

private func checkJob(_ bytes: [UInt8]) {
    guard let id = RecordID(rawValue: 1) else { return }
    let message = MessageRecord(
        id: id, created: Timestamp(milliseconds: 0), body: JobCodec.message(Envelope(to: .number("+41791234567"))))
    let record = DeliveryRecord(id: id, message: id, body: bytes)
    guard let job = try? JobCodec.job(record, message) else { return }
    let again = DeliveryRecord(id: id, message: id, body: JobCodec.delivery(job))
    expect((try? JobCodec.job(again, message)) == job, "a job reads differently")
}

private func checkLookUps(_ bytes: [UInt8]) {
    guard let records = try? LookUpCodec.decode(bytes) else { return }
    expect((try? LookUpCodec.decode(LookUpCodec.encode(records))) == records, "look-up keys read differently")
}

private func checkSnapshot(_ bytes: [UInt8]) {
    do throws(SnapshotError) {
        let snapshot = try ConfigurationSnapshot(reading: bytes)
        let written = snapshot.bytes()
        expect((try? ConfigurationSnapshot(reading: written))?.bytes() == written, "a snapshot reads differently")
    } catch {
        expect(error.code.hasPrefix("snapshot_"), "code \(error.code)")
    }
}
