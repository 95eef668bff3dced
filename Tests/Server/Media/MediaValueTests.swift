import Testing

@testable import Gateway

@Suite("files that people send: types, links, tries")
struct MediaValueTests {
    // MARK: types

    @Test(
        "what is taken goes by the answer's type alone",
        arguments: [
            ("image/jpeg", true), ("Image/PNG; charset=x", true), ("audio/ogg", true), ("application/pdf", true),
            ("text/vcard", true), ("image/svg+xml", false), ("text/html", false), ("text/html; charset=utf-8", false),
            ("application/xhtml+xml", false), ("application/zip", false), ("application/octet-stream", false),
            ("image", false), ("image/", false), ("/jpeg", false), ("image/jpeg/x", false), ("", false),
        ])
    func types(_ field: String, _ isTaken: Bool) {
        let type = MediaTypes.type(of: field)
        #expect(type.map { MediaSettings().takes($0) } ?? false == isTaken)
    }

    @Test("what a browser would run is never taken, whatever the list says")
    func active() {
        var settings = MediaSettings()
        settings.types = ["*/*"]
        #expect(settings.takes("application/zip"))
        for type in ["text/html", "image/svg+xml", "application/xml", "text/javascript", "application/xhtml+xml"] {
            #expect(!settings.takes(type))
        }
    }

    @Test(
        "what begins like markup, a script or a program is found out",
        arguments: [
            "<html>", "  \r\n<!DOCTYPE html>", "\u{FEFF}<HTML lang=de>", "<script>", "<ScRiPt src=x>", "<svg xmlns=",
            "<?xml version=\"1.0\"?>\n<!-- a -->\n<svg>", "<!-- x --><html>", "#!/bin/sh", "MZ\u{1}", "\u{7F}ELF",
            "<iframe src=x>", "<body onload=x>",
        ])
    func sniffed(_ start: String) {
        #expect(MediaTypes.isActive(start: Array(start.utf8)))
        // As UTF-16, where a zero stands beside each byte.
        if start.utf8.first == UInt8(ascii: "<") {
            #expect(MediaTypes.isActive(start: start.utf8.flatMap { [$0, 0] }))
        }
    }

    @Test("what does not, is not")
    func harmless() {
        let starts: [[UInt8]] = [
            [], [0xFF, 0xD8, 0xFF, 0xE0], [0x89, 0x50, 0x4E, 0x47], Array("%PDF-1.7".utf8), Array("BEGIN:VCARD".utf8),
            Array("I am <b>here</b>".utf8), Array("a <html> in a text".utf8), Array("OggS".utf8), [0, 0, 0, 0x18],
        ]
        for start in starts { #expect(!MediaTypes.isActive(start: start), "\(start)") }
    }

    // MARK: links

    private let links = MediaLinks(origin: "https://g.example", secret: Array("0123456789abcdef".utf8))
    private let id = RecordID(rawValue: 1 << 40 | 7)

    @Test("a link leads to its file until its end, and is over then")
    func link() throws {
        let id = try #require(id)
        let end = Timestamp(milliseconds: 1_800_000_000_000)
        let url = links.url(of: id, until: end)
        #expect(url.hasPrefix("https://g.example/media/"))
        let token = String(url.dropFirst("https://g.example/media/".count))
        #expect(links.read(token, at: Timestamp(milliseconds: end.milliseconds - 1)) == .valid(id))
        #expect(links.read(token, at: end) == .expired)
    }

    @Test("a link that was changed anywhere is nobody's, also after its end")
    func forged() throws {
        let id = try #require(id)
        let token = links.token(of: id, until: Timestamp(milliseconds: 1_800_000_000_000))
        for place in token.indices {
            for letter in ["0", "1", "z", "-"] where String(token[place]) != letter {
                let changed = token[..<place] + letter + token[token.index(after: place)...]
                for time in [Int64(0), 1_900_000_000_000] {
                    #expect(links.read(changed, at: Timestamp(milliseconds: time)) == .forged)
                }
            }
        }
        let other = MediaLinks(origin: "https://g.example", secret: Array("0123456789abcdeF".utf8))
        #expect(other.read(token, at: Timestamp(milliseconds: 0)) == .forged)
        for text in ["", "-", "--", token + "0", String(token.dropLast()), String(repeating: "a", count: 10_000)] {
            #expect(links.read(text, at: Timestamp(milliseconds: 0)) == .forged)
        }
    }

    @Test("no other token of the installation is one, and the other way round")
    func apart() throws {
        let id = try #require(id)
        let secret = Array("0123456789abcdef".utf8)
        let acknowledgement = AcknowledgementLinks(origin: "https://g.example", key: secret)
        let token = acknowledgement.url(of: id).split(separator: "/").last.map(String.init) ?? ""
        #expect(acknowledgement.media.read(token, at: Timestamp(milliseconds: 0)) == .forged)
        let media = acknowledgement.media.token(of: id, until: Timestamp(milliseconds: 1_000))
        #expect(links.read(media, at: Timestamp(milliseconds: 0)) == .valid(id))
        #expect(acknowledgement.delivery(ofToken: media) == nil)
    }

    // MARK: tries

    private func record() throws -> MediaRecord {
        let id = try #require(id)
        return MediaRecord(
            id: id, inbound: id, InboundMedia(url: "https://a.example/"), provider: "twilio", contact: nil, boat: nil,
            at: Timestamp(milliseconds: 1_000))
    }

    @Test("what may pass is tried three times, what cannot once", arguments: MediaReason.allCases)
    func tries(_ reason: MediaReason) throws {
        var media = try record()
        #expect(media.due == media.created)
        var dues: [Int64] = []
        for time in [Int64(0), 10_000, 70_000, 200_000] where media.state == .waiting {
            media.take(.missing(reason), at: Timestamp(milliseconds: time))
            if let due = media.due { dues.append(due.milliseconds - time) }
        }
        #expect(media.reason == reason)
        if reason.isOurs {
            #expect(media.state == .waiting && media.tries == 0 && dues == [60_000, 60_000, 60_000, 60_000])
        } else if reason.mayPass {
            #expect(media.state == .failed && media.tries == 3 && dues == [10_000, 60_000])
        } else {
            #expect(media.state == reason.end && media.tries == 1 && dues.isEmpty)
        }
        guard media.state != .waiting else { return }
        media.retry(at: Timestamp(milliseconds: 9))
        #expect(media.state == .waiting && media.tries == 0 && media.due?.milliseconds == 9)
    }

    @Test("what is here stays here")
    func stored() throws {
        var media = try record()
        let content = MediaContent(type: "image/png", size: 3, hash: "ab")
        media.take(.stored(content), at: Timestamp(milliseconds: 5))
        media.retry(at: Timestamp(milliseconds: 9))
        #expect(media.state == .stored && media.content == content && media.due == nil && media.reason == nil)
    }
}
