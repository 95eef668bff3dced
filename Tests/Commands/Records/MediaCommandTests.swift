import Foundation
import JSON
import Testing

@testable import Assembly

@Suite("files that people sent, on the command line")
struct MediaCommandTests {
    private static let id = "med_03acdtt680003"
    private static let media: JSONValue = [
        "id": .string(id), "created": "2026-11-27T12:54:09.202Z", "state": "stored", "type": "image/png", "size": 5_008,
        "contact": "ana", "boat": "aurora",
    ]
    private let folder = NSTemporaryDirectory() + "gateway-save-" + UUID().uuidString.prefix(13)

    @Test("files are listed with what is asked for")
    func list() {
        let run = TestRun.online([(200, ["data": [Self.media], "next_cursor": nil])])
        #expect(run.run("media", "list", "--state", "stored", "--boat", "aurora", "--limit", "7") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/media?limit=7&state=stored&boat=aurora"])
        #expect(run.output.lines.count == 2)
        #expect(run.output.lines.last?.contains("stored  image/png  5008  ana      aurora") == true)
    }

    @Test("a file is filed, linked and fetched again")
    func actions() {
        let run = TestRun.online([(200, Self.media)])
        #expect(run.run("media", "file", Self.id, "--boat", "aurora", "--type", "photo", "--title", "Hull") == 0)
        #expect(run.run("media", "retry", Self.id) == 0)
        #expect(
            run.api.requests == [
                APIRequest(
                    "POST", "/v1/media/\(Self.id)/file", body: ["boat": "aurora", "type": "photo", "title": "Hull"]),
                APIRequest("POST", "/v1/media/\(Self.id)/retry"),
            ])
        let link = TestRun.online([(201, ["url": "https://g.example/media/x"])])
        #expect(link.run("media", "link", Self.id) == 0)
        #expect(link.output.text == "https://g.example/media/x\n")
    }

    @Test("a file is deleted, and one that is not there is an error")
    func delete() {
        let run = TestRun.online([(204, .null), (404, ["code": "not_found", "detail": "no"])])
        #expect(run.run("media", "delete", Self.id) == 0)
        #expect(run.api.requests == [APIRequest("DELETE", "/v1/media/\(Self.id)")])
        #expect(run.output.text == "deleted \(Self.id)\n")
        #expect(run.run("media", "delete", Self.id) == 1)
    }

    @Test("a file is saved under the name that is given, and writes nothing over")
    func save() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = TestRun.online([(200, Self.media)])
        run.api.brings([[1, 2], [3]])
        #expect(run.run("media", "save", Self.id, "--to", folder + "/a.png") == 0)
        #expect(run.api.requests.map(\.path) == ["/v1/media/" + Self.id, "/v1/media/\(Self.id)/content"])
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a.png"))) == [1, 2, 3])
        #expect(run.output.text == folder + "/a.png\n")
        run.api.brings([[9]])
        #expect(run.run("media", "save", Self.id, "--to", folder + "/a.png") == 1)
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/a.png"))) == [1, 2, 3])
    }

    @Test("nothing of a file that breaks off stays")
    func broken() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = TestRun.online([(200, Self.media)])
        run.api.brings([[1]], failing: CommandFailure("no_answer", "it broke off"))
        #expect(run.run("media", "save", Self.id, "--to", folder + "/a.png") == 1)
        #expect(run.errors.text.contains("it broke off"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/a.png"))
    }
}
