import Gateway
import JSON

/// A file as a document of a boat, so that a search finds it by the words that came with it. Its methods block.
struct MediaFiling: Sendable {
    let records: any RecordStore

    /// The boat and what a caller says of the document; without words of the caller's, those of the message are taken.
    struct Wish: Sendable {
        var boat: String
        var type = "media"
        var title: String?
    }

    /// Files it, again where it is filed already.
    func file(_ media: MediaRecord, _ wish: Wish, at now: Timestamp) throws(StoreError) {
        let text = try text(of: media)
        var document = DocumentRecord(id: media.documentID, boat: wish.boat, type: wish.type, title: "", at: now)
        if let title = wish.title { document.title = title } else { document.title = try title(of: media, text) }
        document.text = Self.cut(text, DocumentRecord.longestText)
        document.media = media.id
        try records.put(document)
    }

    /// What was said in a recording became known: documents of its sound that are there already are found by it too. Again
    /// does no harm.
    func fileText(ofInbound id: RecordID, at now: Timestamp) throws(StoreError) {
        guard let inbound = try records.inbound(id), let body = (try? JSONValue(parsing: inbound.body))?.object,
            let text = body["text"]?.string
        else { return }
        for file in body["media"]?.array ?? [] {
            guard let id = file["id"]?.string.flatMap({ RecordID($0, .media) }), let media = try records.media(id),
                media.state == .stored, var document = try records.document(media.documentID)
            else { continue }
            // A title that somebody gave stays.
            if try document.title == title(of: media, "") { document.title = try title(of: media, text) }
            document.text = Self.cut(text, DocumentRecord.longestText)
            document.updated = now
            try records.put(document)
        }
    }

    private func text(of media: MediaRecord) throws(StoreError) -> String {
        guard let inbound = try records.inbound(media.inbound) else { return "" }
        return (try? JSONValue(parsing: inbound.body))?.object?["text"]?.string ?? ""
    }

    /// The first line that says something; else what it is, whose and of which day.
    private func title(of media: MediaRecord, _ text: String) throws(StoreError) -> String {
        let lines = text.unicodeScalars.split { $0.value < 0x20 || $0.value == 0x7F || $0 == "\u{2028}" }
        for line in lines.lazy.map({ String(String.UnicodeScalarView($0)) }) {
            let words = line.split(separator: " ")
            if !words.isEmpty { return Self.cut(words.joined(separator: " "), 200) }
        }
        var name = ""
        if let contact = media.contact { name = try records.contact(contact)?.name ?? "" }
        let date = MessageViews.time(media.created).prefix(10)
        let what = media.content?.type ?? media.givenType
        let clean = String(
            String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
        return Self.cut(what + (clean.isEmpty ? "" : " from " + clean) + " " + date, 200)
    }

    /// At most so many bytes, without half a character.
    private static func cut(_ text: String, _ bytes: Int) -> String {
        var cut = Substring(text)
        while cut.utf8.count > bytes { cut = cut.prefix(max(0, cut.count - max(1, (cut.utf8.count - bytes) / 4))) }
        return String(cut)
    }
}
