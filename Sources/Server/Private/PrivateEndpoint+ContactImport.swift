import Forms
import Gateway
import HTTP
import Synchronization

// Contacts from a table: read a page at a time, so that others have their turn on the records thread between.

extension PrivateEndpoint {
    /// The path that takes tables of contacts, as long as batches.
    public static let importPath = "/v1/contacts/import"

    /// An import under way; only the records thread looks into it.
    private final class Running: Sendable {
        let work: Mutex<ContactImport>

        init(_ work: ContactImport) { self.work = Mutex(work) }
    }

    func importContacts(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "contacts:write")
        let wish = try Self.wish(request)
        try checkRoom(.low)
        guard importsUnderWay.wrappingAdd(1, ordering: .relaxed).newValue == 1 else {
            importsUnderWay.wrappingSubtract(1, ordering: .relaxed)
            throw Problem(503, "overloaded", "Other contacts are being imported; try again.", retryAfter: 2)
        }
        let finish = HTTPResponder { [self] response in
            importsUnderWay.wrappingSubtract(1, ordering: .relaxed)
            respond(response)
        }
        let body = request.body
        recordsThread.run { [self] in
            do throws(Problem) {
                let work = try ContactImport(
                    body, records, acceptance.contactNumbers, clock: clock, isDry: wish.isDry, mapping: wish.mapping)
                proceed(Running(work), finish)
            } catch {
                fail(error, finish)
            }
        }
    }

    private static func wish(_ request: HTTPRequest) throws(Problem) -> (isDry: Bool, mapping: ColumnMapping) {
        var (isDry, mapping) = (false, ColumnMapping())
        for field in Form(query: request.query ?? "").fields {
            switch field.name {
            case "dry_run":
                guard let value = Bool(field.value) else {
                    throw Problem(400, "bad_parameter", "dry_run must be true or false.")
                }
                isDry = value
            case "map": try mapping.map(field.value)
            case "ignore": try mapping.ignore(field.value)
            default: throw Problem(400, "unknown_parameter", "There is no parameter '\(field.name.prefix(40))' here.")
            }
        }
        return (isDry, mapping)
    }

    /// Takes a page, and queues for the next one behind whoever waits. A program that ends does not wait for all of them.
    private func proceed(_ running: Running, _ respond: HTTPResponder) {
        guard readiness.isServing else {
            let text = "The gateway starts or stops; what was read is stored. Import the table again."
            return fail(Problem(503, "unavailable", text, retryAfter: 5), respond)
        }
        do throws(StoreError) {
            let isUnfinished = try running.work.withLock { work throws(StoreError) in try work.takePage() }
            guard isUnfinished else { return answer(running.work.withLock { $0.report }, respond) }
            recordsThread.run { [self] in proceed(running, respond) }
        } catch {
            fail(.cannotWrite, respond)
        }
    }
}
