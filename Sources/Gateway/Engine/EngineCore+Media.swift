import JSON

// Files that people sent. The engine alone changes their rows, so that what others are told of a file is one commit
// with its row, and no change by a caller is lost behind a download that ends.

/// What becomes of a file that a person sent.
public enum MediaChange: Sendable, Hashable {
    /// A download came to an end.
    case ended(RecordID, MediaResult)
    /// A caller wants it to be tried again.
    case retried(RecordID)
    /// It belongs to a boat.
    case filed(RecordID, boat: String)
    /// It is to be gone: from this commit on nobody is shown it.
    case removed(RecordID)
    /// Its document and its bytes are gone, and its row goes.
    case gone(RecordID)
}

extension EngineCore {
    /// Whoever waits is told once it is durable: `recorded`, or `notFound`.
    func take(_ change: MediaChange, _ ticket: Int) {
        switch change {
        case .ended(let id, let result):
            guard var media = present(id) else { return release(ticket, .notFound) }
            // Another download was faster, or a caller asked for a new try meanwhile and that ended.
            if media.state == .waiting {
                media.take(result, at: now)
                keep(media)
                tell(media, result)
            }
        case .retried(let id):
            guard var media = present(id) else { return release(ticket, .notFound) }
            media.retry(at: now)
            keep(media)
        case .filed(let id, let boat):
            guard var media = present(id) else { return release(ticket, .notFound) }
            media.boat = boat
            keep(media)
        case .removed(let id):
            guard var media = present(id) else { return release(ticket, .notFound) }
            media.remove()
            keep(media)
        case .gone(let id): turn.batch.mediaRemoved.append(id)
        }
        release(ticket, .recorded)
    }

    /// A file that is not to be gone.
    private func present(_ id: RecordID) -> MediaRecord? {
        guard !turn.batch.mediaRemoved.contains(id) else { return nil }
        let changed = turn.batch.media.last { $0.id == id }
        // When the store cannot tell, the turn is refused.
        let media = changed ?? readNow { () throws(StoreError) in try store.media(id) } ?? nil
        return media?.state == .removed ? nil : media
    }

    private func keep(_ media: MediaRecord) { turn.batch.media.append(media) }

    private func tell(_ media: MediaRecord, _ result: MediaResult) {
        switch result {
        case .stored(let content): publish(media, content)
        case .missing(let reason, _) where reason.isOurs: keepError(.mediaNotWritten, provider: media.provider)
        case .missing:
            switch media.state {
            case .refused: keepError(.mediaRefused, provider: media.provider)
            case .failed: keepError(.mediaFailed, provider: media.provider)
            case .waiting, .stored, .removed: break
            }
        }
    }

    /// What came with a message that is being filed: rows that wait for their download, and how the message names them.
    func announce(_ files: [InboundMedia], inbound: RecordID, _ input: WebhookInput) -> JSONValue {
        .array(
            files.map { announced in
                let media = MediaRecord(
                    id: ids.next(at: now), inbound: inbound, announced, provider: input.provider,
                    contact: input.contact, boat: input.boat, at: now)
                keep(media)
                return [
                    "id": .string(media.id.text(.media)), "url": .string(media.url), "type": .string(media.givenType),
                ]
            })
    }
}
