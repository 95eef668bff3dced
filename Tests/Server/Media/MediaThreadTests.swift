import Foundation
import Gateway
import HTTP
import Synchronization
import Testing

@testable import Server

@Suite("fetching files that people sent", .serialized)
struct MediaThreadTests {
    private static let picture = [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 7, count: 5_000)

    @Test("credentials go with the first request, and not along the provider's own redirect")
    func credentials() throws {
        let world = try MediaWorld { request in
            request.path == "/media" ? .redirect(to: "/cdn/1") : .file("image/jpeg; x=y", Self.picture)
        }
        let media = try world.fetch("/media")
        #expect(world.provider.requests == ["GET /media Basic", "GET /cdn/1"])
        #expect(media.state == .stored)
        #expect(media.content?.type == "image/jpeg")
        #expect(media.content?.size == Int64(Self.picture.count))
        let hash = media.content?.hash ?? ""
        #expect(world.files == [hash.prefix(2) + "/" + hash.dropFirst(2)])
        let file = try Data(contentsOf: URL(fileURLWithPath: world.folder + "/" + (world.files.first ?? "")))
        #expect(Array(file) == Self.picture)
    }

    @Test("another server on this machine is asked for nothing, neither at once nor by a redirect")
    func otherOrigin() throws {
        let other = try RecordingServer { _ in .file("image/jpeg", Self.picture) }
        defer { other.stop() }
        let target = other.url + "/x"
        let world = try MediaWorld { _ in .redirect(302, to: target) }
        let direct = try world.wait(try world.announce(target, 1))
        #expect(direct.state == .refused && direct.reason == .privateAddress)
        let redirected = try world.wait(try world.announce(world.provider.url + "/a", 2))
        #expect(redirected.state == .refused && redirected.reason == .privateAddress)
        #expect(other.requests.isEmpty)
        #expect(world.provider.requests == ["GET /a Basic"])
        #expect(world.files.isEmpty)
    }

    @Test("redirects end", arguments: [301, 302, 303, 307, 308])
    func loop(_ status: Int) throws {
        let world = try MediaWorld { request in .redirect(status, to: request.target + "x") }
        let media = try world.fetch("/")
        #expect(media.state == .refused && media.reason == .badRedirect)
        #expect(world.provider.requests == ["GET / Basic", "GET /x", "GET /xx", "GET /xxx", "GET /xxxx", "GET /xxxxx"])
    }

    @Test(
        "an answer that brings no file says why",
        arguments: [
            (404, MediaReason.notFound), (410, .notFound), (401, .accessDenied), (403, .accessDenied),
            (400, .httpError), (206, .httpError), (304, .httpError),
        ])
    func statuses(_ status: Int, _ reason: MediaReason) throws {
        let world = try MediaWorld { _ in HTTPResponse(status: status) }
        let media = try world.fetch("/a")
        #expect(media.state == .failed && media.reason == reason && media.tries == 1)
    }

    @Test("what may pass is tried three times, later each time", arguments: [429, 500, 503])
    func retries(_ status: Int) throws {
        let world = try MediaWorld { _ in HTTPResponse(status: status) }
        let id = try world.announce(world.provider.url + "/a")
        _ = try world.wait(id) { $0.tries == 1 }
        world.pass(10)
        _ = try world.wait(id) { $0.tries == 2 }
        world.pass(59)
        #expect(try world.store.media(id)?.state == .waiting)
        world.pass(1)
        let media = try world.wait(id)
        #expect(media.state == .failed && media.reason == .unavailable && media.tries == 3)
        #expect(world.provider.requests.count == 3)
    }

    @Test(
        "the other side puts off the next try, within bounds",
        arguments: [
            (503, "120", 120), (429, "120", 120), (429, "3", 10), (503, "999999", 3_600), (500, "120", 10),
            (503, "Fri, 15 Jan 2027 08:02:00 GMT", 120), (503, "Fri, 15 Jan 2027 07:00:00 GMT", 10), (503, "-1", 10),
            (503, "soon", 10), (503, "99999999999999999999999999", 3_600), (503, "000000000000000120", 120),
        ])
    func putOff(_ status: Int, _ text: String, _ seconds: Int64) throws {
        let world = try MediaWorld { _ in
            HTTPResponse(status: status, headers: HTTPHeaders([("Retry-After", text)]))
        }
        let media = try world.wait(try world.announce(world.provider.url + "/a")) { $0.tries == 1 }
        #expect(media.due == world.clock.now + .seconds(seconds))
    }

    @Test("a second try may succeed")
    func second() throws {
        let isDown = Mutex(true)
        let world = try MediaWorld { _ in
            isDown.withLock { $0 } ? HTTPResponse(status: 503) : .file("image/png", Self.picture)
        }
        let id = try world.announce(world.provider.url + "/a")
        _ = try world.wait(id) { $0.tries == 1 }
        isDown.withLock { $0 = false }
        world.pass(10)
        #expect(try world.wait(id).state == .stored)
    }

    @Test("a file of exactly the largest size is taken, one byte more is not", arguments: [false, true])
    func size(_ isChunked: Bool) throws {
        let world = try MediaWorld { request in
            let body = Array(Self.picture.prefix(request.path == "/exact" ? 1_000 : 1_001))
            guard isChunked else { return .file("image/png", body) }
            var response = HTTPResponse.file("image/png", [])
            let stream = HTTPBodyStream()
            stream.write(body)
            stream.finish()
            response.stream = stream
            return response
        }
        world.settings.withLock { $0.maxSize = 1_000 }
        #expect(try world.wait(try world.announce(world.provider.url + "/exact", 1)).state == .stored)
        let larger = try world.wait(try world.announce(world.provider.url + "/more", 2))
        #expect(larger.state == .refused && larger.reason == .tooLarge)
        #expect(world.files.count == 1)
    }

    @Test(
        "what is not allowed, or begins like something else, is refused and leaves nothing",
        arguments: [
            ("application/zip", "PK"), ("", "x"), ("text/html", "<p>"), ("image/png", "<html><script>"),
            ("image/svg+xml", "<svg>"), ("application/pdf", "MZ"), ("text/plain", "#!/bin/sh"), ("image/png", " <SVG "),
        ])
    func types(_ type: String, _ body: String) throws {
        let world = try MediaWorld { _ in
            type.isEmpty ? HTTPResponse(status: 200, body: Array(body.utf8)) : .file(type, Array(body.utf8))
        }
        let media = try world.fetch("/a")
        #expect(media.state == .refused && media.reason == .typeNotAllowed)
        #expect(world.files.isEmpty)
    }

    @Test("a file in a coding that nobody asked for is not taken")
    func coding() throws {
        let world = try MediaWorld { request in
            var response = HTTPResponse.file("image/png", Self.picture)
            response.headers.add("Content-Encoding", request.path == "/a" ? "gzip" : "Identity")
            return response
        }
        let coded = try world.wait(try world.announce(world.provider.url + "/a", 1))
        #expect(coded.state == .failed && coded.reason == .httpError)
        #expect(try world.wait(try world.announce(world.provider.url + "/b", 2)).state == .stored)
    }

    @Test("while the disk has no room nothing is fetched, and everything afterwards")
    func room() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        world.hasRoom.withLock { $0 = false }
        world.looks.withLock { $0 = 0 }
        let id = try world.announce(world.provider.url + "/a")
        while world.looks.withLock({ $0 }) == 0 { sched_yield() }
        #expect(world.provider.requests.isEmpty)
        world.hasRoom.withLock { $0 = true }
        world.pass(0)
        #expect(try world.wait(id).state == .stored)
    }

    @Test("equal files are there once")
    func equal() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        for raw in Int64(1)...9 { _ = try world.announce(world.provider.url + "/\(raw)", raw) }
        for raw in Int64(1)...9 {
            let id = try #require(RecordID(rawValue: raw))
            #expect(try world.wait(id).state == .stored)
        }
        #expect(world.files.count == 1)
        #expect(world.provider.requests.count == 9)
    }

    @Test("what waits when the process ends is fetched at the next start")
    func restart() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        world.stop()
        let id = try world.announce(world.provider.url + "/a")
        #expect(world.provider.requests.isEmpty)
        try world.start()
        #expect(try world.wait(id).state == .stored)
    }

    @Test("a store that refuses is asked again, and the file is not fetched twice")
    func refusedCommit() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        world.refusals.withLock { $0 = 1 }
        #expect(try world.fetch("/a").state == .stored)
        #expect(world.provider.requests == ["GET /a Basic"])
    }

    @Test("a file of a boat becomes its document, found by the words of the message")
    func document() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        try world.store.put(ContactRecord(id: "ana", name: "Ana"))
        let id = try world.announce(
            world.provider.url + "/a", boat: "aurora", text: "\\n  The impeller  broke\\nPlease come")
        let media = try world.wait(id)
        let document = try #require(try world.store.document(media.documentID))
        #expect(document.title == "The impeller broke")
        #expect(document.boat == "aurora" && document.type == "media" && document.media == id)
        let found = try world.store.documents(DocumentQuery(.boat("aurora"), words: ["come"], limit: 5))
        #expect(found.documents.map(\.id) == [document.id])
        let bare = try world.wait(try world.announce(world.provider.url + "/b", 8, boat: "aurora"))
        #expect(try world.store.document(bare.documentID)?.title == "image/png from Ana 2027-01-15")
    }

    @Test("without a boat there is no document")
    func noBoat() throws {
        let world = try MediaWorld { _ in .file("image/png", Self.picture) }
        let media = try world.fetch("/a")
        #expect(try world.store.document(media.documentID) == nil)
    }

    @Test("one that hangs holds up no other")
    func hanging() throws {
        let world = try MediaWorld { request in
            var response = HTTPResponse.file("image/png", Self.picture)
            // A stream that nobody ends.
            if request.path == "/hangs" { response.stream = HTTPBodyStream() }
            return response
        }
        for raw in Int64(1)...3 { _ = try world.announce(world.provider.url + "/hangs", raw) }
        for raw in Int64(4)...9 {
            #expect(try world.wait(try world.announce(world.provider.url + "/a", raw)).state == .stored)
        }
    }
}
