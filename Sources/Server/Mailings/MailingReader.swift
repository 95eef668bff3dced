import Gateway
import JSON
import PhoneNumbers

/// Reads a batch as `POST /v1/batches` takes it. Recipients are looked at one after the other and leave in parts, so a
/// long body is held once. A recipient that is at fault is set aside with its reason; the others go on.
struct MailingReader {
    /// How many recipients one batch takes.
    static let recipientLimit = 100_000
    /// Bytes of one recipient as JSON.
    static let recipientBytes = 16_384

    /// What was read.
    struct Reading {
        var envelope: Envelope
        var progress: MailingProgress
    }

    private let directory: ConfigurationDirectory
    /// Takes a part; `false` when it could not be kept.
    private let write: ([UInt8]) -> Bool
    private var part: [UInt8] = []
    private var recipients = 0
    private var parts = 0
    private var rejections: [String: Int] = [:]
    private var isKept = true
    /// Whom the batch has named before, and where.
    private var places: [String: Int] = [:]

    /// Reads a body.
    /// - Parameter write: takes each part as soon as it is full; `false` ends the reading.
    /// - Throws: 400 and 422 for faults of what recipients share, 503 when a part was not kept.
    static func read(
        _ body: [UInt8], tenant: String, _ directory: ConfigurationDirectory, write: ([UInt8]) -> Bool
    ) throws(Problem) -> Reading {
        try withoutActuallyEscaping(write) { (write) throws(Problem) in
            var reader = MailingReader(directory: directory, write: write)
            return try reader.read(body, tenant)
        }
    }

    private init(directory: ConfigurationDirectory, write: @escaping ([UInt8]) -> Bool) {
        self.directory = directory
        self.write = write
    }

    private mutating func read(_ body: [UInt8], _ tenant: String) throws(Problem) -> Reading {
        let object: JSONObject?
        do {
            object = try JSONObject.parse(body, streaming: "recipients", maxDepth: 16) { take($0, $1) }
        } catch {
            throw Problem.notJSON(error)
        }
        guard let object else { throw isKept ? Self.tooMany : .cannotWrite }
        let envelope = try EnvelopeReader.readShared(object, tenant: tenant)
        try check(object["recipients"])
        try checkNames(envelope)
        finishPart()
        guard isKept else { throw .cannotWrite }
        var progress = MailingProgress(recipients: recipients, parts: parts)
        progress.rejections = rejections
        return Reading(envelope: envelope, progress: progress)
    }

    private static var tooMany: Problem {
        Problem(
            422, "too_many_recipients", "A batch takes at most \(recipientLimit) recipients.",
            errors: [.init("/recipients/\(recipientLimit)", "is one too many")])
    }

    private func check(_ list: JSONValue?) throws(Problem) {
        guard list?.array == nil || recipients == 0 else { return }
        throw Problem(
            400, "invalid_request", "The request has faults; each is listed with its place.",
            errors: [.init("/recipients", "must be an array of 1 to \(Self.recipientLimit) recipients")])
    }

    /// What would refuse every recipient alike refuses the batch.
    private func checkNames(_ envelope: Envelope) throws(Problem) {
        if let name = envelope.template, !directory.hasTemplate(name) {
            throw Problem(
                422, "unknown_template", "There is no template with this name.",
                errors: [.init("/template", "there is no template with this name")])
        }
        if let name = envelope.policy, !directory.hasPolicy(name) {
            throw Problem(
                422, "unknown_policy", "There is no policy with this name.",
                errors: [.init("/policy", "there is no policy with this name")])
        }
    }

    // MARK: recipients

    private mutating func take(_ value: JSONValue, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard recipients < Self.recipientLimit else { return false }
        part.append(part.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
        if let rejection = rejection(value, length: bytes.count) {
            rejections[rejection.code, default: 0] += 1
            part += MailingPartCodec.refused(rejection, to: value["to"]?.string ?? "")
        } else {
            part += bytes
        }
        recipients += 1
        if recipients % MailingHead.usualPartSize == 0 { finishPart() }
        return isKept
    }

    private mutating func finishPart() {
        guard !part.isEmpty, isKept else { return }
        part.append(UInt8(ascii: "]"))
        isKept = write(part)
        part.removeAll(keepingCapacity: true)
        parts += 1
    }

    /// Why a recipient gets nothing, as far as it can be told at once.
    private mutating func rejection(_ value: JSONValue, length: Int) -> MailingRejection? {
        let place = "/recipients/\(recipients)"
        guard length <= Self.recipientBytes else {
            return MailingRejection(
                code: "recipient_too_long", detail: "must have at most \(Self.recipientBytes) bytes", pointer: place)
        }
        let envelope: Envelope
        do throws(Problem) {
            envelope = try EnvelopeReader.readRecipient(value, of: Envelope(to: MailingHead.nobody))
        } catch {
            return MailingPartCodec.rejection(error, place: place)
        }
        let name: String
        do throws(NumberRefusal) {
            name = try plainName(of: envelope.to)
        } catch {
            return MailingRejection(code: error.code, detail: error.message, pointer: place + "/to")
        }
        if let earlier = places[name] {
            return MailingRejection(
                code: "duplicate_recipient", detail: "is the same as /recipients/\(earlier)/to; it gets one message",
                pointer: place + "/to")
        }
        places[name] = recipients
        return nil
    }

    /// The same for every way to write a number.
    private func plainName(of recipient: Recipient) throws(NumberRefusal) -> String {
        guard case .number(let text) = recipient else { return JobCodec.text(of: recipient) }
        return try directory.check(text).number.text
    }
}
