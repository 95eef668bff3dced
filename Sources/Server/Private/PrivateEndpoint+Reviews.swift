import Gateway
import HTTP
import JSON

// Questions to people: listed, and answered.

extension PrivateEndpoint {
    func reviews(
        _ request: HTTPRequest, _ id: String, _ action: String, _ respond: HTTPResponder
    ) throws(Problem) {
        switch (request.method, action) {
        case ("GET", "") where id.isEmpty: try listReviews(request, respond)
        case ("GET", ""): try getReview(request, try review(id), respond)
        case ("POST", "approve"): try answerReview(.approved, request, try review(id), respond)
        case ("POST", "dismiss"): try answerReview(.dismissed, request, try review(id), respond)
        case ("POST", "reply"):
            let key = try authorize(request, "reviews:write")
            try answerPerson(.replied, request, try review(id), key, respond) {
                (endpoint, review, body) throws(Problem) in
                try endpoint.replyToReview(review, body, key, respond)
            }
        case ("POST", "link"):
            _ = try authorize(request, "contacts:write")
            let key = try authorize(request, "reviews:write")
            try answerPerson(.linked, request, try review(id), key, respond) {
                (endpoint, review, body) throws(Problem) in
                try endpoint.linkReview(review, body, key, respond)
            }
        case (_, ""): throw Problem.methodNotAllowed(request.method, allow: "GET, HEAD")
        case (_, "approve"), (_, "dismiss"), (_, "reply"), (_, "link"):
            throw Problem.methodNotAllowed(request.method, allow: "POST")
        default: throw Problem(404, "not_found", "There is nothing at this address.")
        }
    }

    private func review(_ text: String) throws(Problem) -> RecordID {
        guard let id = RecordID(text, .review) else { throw Self.unknownReview }
        return id
    }

    private static let unknownReview = Problem(404, "not_found", "There is no review with this id.")

    private func listReviews(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        let key = try authorize(request, "reviews:read")
        let query = try ListQuery(request, filters: ["state"])
        store(respond) { [self] () throws(StoreError) in try page(query, key) }
    }

    /// Looks at most 5,000 reviews on for one page, as the list of messages does.
    private func page(_ query: ListQuery, _ key: KeyRecord) throws(StoreError) -> JSONValue {
        let openOnly = query.filters["state"] != "all"
        var after = query.cursor
        var data: [JSONValue] = []
        var seen = 0
        while data.count < query.limit, seen < 5_000 {
            let page = try records.reviews(openOnly: openOnly, after: after, limit: query.limit)
            for review in page where data.count < query.limit {
                after = review.id
                seen += 1
                if try isVisible(review, key) { data.append(try view(review)) }
            }
            if page.count < query.limit, after == page.last?.id ?? after {
                return ["data": .array(data), "next_cursor": .null]
            }
        }
        return ["data": .array(data), "next_cursor": after.map { .string($0.digits) } ?? .null]
    }

    /// Those about messages of other tenants do not exist for the caller; those about no message belong to all.
    private func isVisible(_ review: ReviewRecord, _ key: KeyRecord) throws(StoreError) -> Bool {
        guard let delivery = review.delivery else { return true }
        let views = MessageViews(records: records, directory: directory, tenant: key.tenant)
        return try views.find(delivery) != nil
    }

    private func getReview(
        _ request: HTTPRequest, _ id: RecordID, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "reviews:read")
        store(respond) { [self] () throws(StoreError) in
            guard let review = try records.review(id), try isVisible(review, key) else { return nil }
            return try view(review)
        }
    }

    /// With what came in that it is about.
    private func view(_ review: ReviewRecord) throws(StoreError) -> JSONValue {
        guard let id = review.inbound, var out = RecordViews.review(review).object,
            let inbound = try records.inbound(id)
        else { return RecordViews.review(review) }
        out["about"] = RecordViews.inbound(inbound)
        return .object(out)
    }

    // MARK: answers

    private func answerReview(
        _ verdict: ReviewRecord.Verdict, _ request: HTTPRequest, _ id: RecordID, _ respond: HTTPResponder
    ) throws(Problem) {
        let key = try authorize(request, "reviews:write")
        recordsThread.run { [self] in
            do throws(StoreError) {
                guard let review = try records.review(id), try isVisible(review, key) else {
                    return fail(Self.unknownReview, respond)
                }
            } catch {
                return fail(.cannotRead, respond)
            }
            engine.ask({ .answerReview(ReviewAnswer(verdict, of: id, by: key.id), ticket: $0) }) { [self] result in
                tell(result, verdict, respond)
            }
        }
    }

    /// Finds the review and does something about whoever wrote or called; what is closed otherwise stays so.
    private func answerPerson(
        _ verdict: ReviewRecord.Verdict, _ request: HTTPRequest, _ id: RecordID, _ key: KeyRecord,
        _ respond: HTTPResponder,
        _ act: @escaping @Sendable (PrivateEndpoint, ReviewRecord, JSONObject) throws(Problem) -> Void
    ) throws(Problem) {
        let body = try object(request)
        recordsThread.run { [self] in
            do throws(Problem) {
                guard let review = try visible(id, key) else { throw Self.unknownReview }
                // Nothing is done for a review that was closed otherwise: nothing is sent, no contact changed.
                if !review.isOpen, review.verdict != verdict { return tell(.reviewClosed(review), verdict, respond) }
                try act(self, review, body)
            } catch {
                fail(error, respond)
            }
        }
    }

    private func visible(_ id: RecordID, _ key: KeyRecord) throws(Problem) -> ReviewRecord? {
        do throws(StoreError) {
            guard let review = try records.review(id), try isVisible(review, key) else { return nil }
            return review
        } catch {
            throw .cannotRead
        }
    }

    func tell(_ result: EngineAnswer, _ verdict: ReviewRecord.Verdict, _ respond: HTTPResponder) {
        switch result {
        case .reviewed(let review): answer(RecordViews.review(review), respond)
        // The same answer once more.
        case .reviewClosed(let review) where review.verdict == verdict: answer(RecordViews.review(review), respond)
        case .reviewClosed(let review):
            let how = review.verdict.map { "was \($0.rawValue)" } ?? "became moot"
            fail(Problem(409, "review_closed", "The review \(how) before; nothing was changed."), respond)
        case .nothingToApprove:
            fail(
                Problem(409, "nothing_to_approve", "Nothing waits for this answer to the review; it can be dismissed."),
                respond)
        case .notFound: fail(Self.unknownReview, respond)
        default: fail(.cannotWrite, respond)
        }
    }
}
