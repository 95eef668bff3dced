import Crypto
import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("files that people send", .serialized)
    struct MediaTests {
        private static let owner = "+41791112233"
        private static let picture: [UInt8] =
            [0xFF, 0xD8, 0xFF, 0xE0] + (0..<300_000).map { UInt8(truncatingIfNeeded: $0 >> 4) }

        private func gateway(_ media: String = "") throws -> RunningGateway {
            let gateway = try RunningGateway(Setup.shipped { $0 += "\n" + media + "\n" })
            let phone: JSONValue = ["kind": "phone", "value": .string(Self.owner), "verified": true]
            for (path, body) in [
                ("contacts/ana", ["name": "Ana", "addresses": [phone]]),
                ("boats/aurora", ["name": "Aurora", "contacts": [["id": "ana", "role": "owner"]]]),
                ("boats/boreas", ["name": "Boreas"]),
            ] as [(String, JSONValue)] {
                let answer = try gateway.call("PUT", "/v1/" + path, body)
                #expect(answer.status == 200, "\(path): \(answer.json)")
            }
            return gateway
        }

        private func send(
            _ file: JSONValue, _ gateway: RunningGateway, text: String = "look", from number: String = owner
        ) throws {
            let answer = try gateway.simulator.send(
                "POST", "phones/\(number)/text",
                ["to": "+41791234567", "body": .string(text), "media": [file]])
            #expect(answer.status == 201)
        }

        private func list(_ gateway: RunningGateway, _ query: String = "") throws -> [JSONValue] {
            try gateway.call("GET", "/v1/media" + query).json["data"]?.array ?? []
        }

        /// The newest file, once there are `count` and nothing waits.
        private func file(_ gateway: RunningGateway, _ count: Int, within seconds: Double = 20) throws -> JSONValue {
            try eventually("\(count) files", within: seconds) {
                let files = try list(gateway)
                let isDone = files.count == count && files.allSatisfy { $0["state"] != "waiting" }
                return isDone ? files.first : nil
            }
        }

        @Test("a picture is sent, stored, filed, found and downloaded over its link")
        func story() throws {
            let gateway = try gateway()
            try send(
                ["type": "image/jpeg", "base64": .string(Base64.encode(Self.picture))], gateway,
                text: "The impeller is broken\nPlease order one")
            let media = try file(gateway, 1)
            let id = media["id"]?.string ?? ""
            #expect(media["state"] == "stored" && media["boat"] == "aurora" && media["contact"] == "ana")
            #expect(media["size"] == .integer(Int64(Self.picture.count)) && media["type"] == "image/jpeg")
            #expect(media["sha256"]?.string == Hex.encode(HashAlgorithm.sha256.digest(Self.picture)))

            let found = try gateway.call("GET", "/v1/documents/search?q=impeller&boat=aurora").json["data"]?[0]
            #expect(found?["title"] == "The impeller is broken" && found?["media"]?.string == id)

            let content = try gateway.call("GET", "/v1/media/\(id)/content")
            #expect(content.status == 200 && content.body == Self.picture)
            let link = try gateway.call("POST", "/v1/media/\(id)/link")
            let url = link.json["url"]?.string ?? ""
            #expect(link.status == 201 && url.hasPrefix(gateway.publicURL + "/media/"))
            let page = try Web.send(try Web.request("GET", url))
            #expect(page.status == 200 && page.body == Self.picture)
            #expect(page.headers[first: "Content-Type"] == "image/jpeg")
            #expect(page.headers[first: "Content-Disposition"] == "attachment; filename=\"\(id).jpg\"")
            #expect(page.headers[first: "X-Content-Type-Options"] == "nosniff")
            #expect(page.headers[first: "Content-Security-Policy"] == "sandbox; default-src 'none'")
            let head = try Web.send(try Web.request("HEAD", url))
            #expect(head.headers[first: "Content-Length"] == String(Self.picture.count) && head.body.isEmpty)
            let part = try Web.send(try Web.request("GET", url, headers: [("Range", "bytes=100-299")]))
            #expect(part.status == 206 && part.body == Array(Self.picture[100..<300]))
            #expect(part.headers[first: "Content-Range"] == "bytes 100-299/\(Self.picture.count)")
            let beyond = try Web.send(try Web.request("GET", url, headers: [("Range", "bytes=9999999-")]))
            #expect(beyond.status == 416 && beyond.headers[first: "Content-Range"] == "bytes */\(Self.picture.count)")
            let other = [("Range", "bytes=0-1"), ("If-Range", "\"x\"")]
            #expect(try Web.send(try Web.request("GET", url, headers: other)).body == Self.picture)
            #expect(try Web.send(try Web.request("GET", url + "0")).status == 404)
            #expect(try Web.send(try Web.request("GET", gateway.publicURL + "/media/x")).status == 404)
            #expect(try Web.send(try Web.request("POST", url)).status == 405)

            let events = try gateway.call("GET", "/v1/events?types=media.*").json["data"]?.array ?? []
            #expect(events.map { $0["subject"]?.string } == [id])
            #expect(try gateway.metric("gateway_media_total", "stored") == 1)
        }

        @Test("a stranger's file waits for somebody to file it, and only a key with the scope may")
        func filing() throws {
            let gateway = try gateway()
            try send(["type": "image/png", "size": 100], gateway, from: "+41791119999")
            let media = try file(gateway, 1)
            let path = "/v1/media/" + (media["id"]?.string ?? "")
            #expect(media["boat"] == nil && media["document"] == nil)
            #expect(try gateway.call("GET", "/v1/documents").json["data"]?.array?.isEmpty == true)
            #expect(try gateway.call("POST", path + "/file", ["boat": "zulu"]).status == 404)
            let faulty = try gateway.call("POST", path + "/file", ["boat": "a b", "title": "", "colour": 1])
            #expect(faulty.status == 422 || faulty.status == 400)
            #expect(faulty.json["errors"]?.array?.count == 3)
            let filed = try gateway.call("POST", path + "/file", ["boat": "boreas", "type": "Photo", "title": "Hull"])
            #expect(filed.status == 200 && filed.json["boat"] == "boreas", "\(filed.json)")
            let document = try gateway.call("GET", "/v1/documents/" + (filed.json["document"]?.string ?? "")).json
            #expect(document["type"] == "photo" && document["title"] == "Hull" && document["boat"] == "boreas")
            #expect(try list(gateway, "?boat=boreas").count == 1)
            #expect(try list(gateway, "?boat=aurora").isEmpty)
            #expect(try gateway.call("GET", "/v1/media?state=lost").status == 400)
            #expect(try gateway.call("POST", path + "/retry").status == 409)
            #expect(try gateway.call("GET", path + "/link").status == 405)
            #expect(try gateway.call("GET", "/v1/media/med_0000000000009").status == 404)
            let key = try gateway.call("POST", "/v1/keys", ["name": "reader", "scopes": ["media:read"]]).json["key"]?
                .string
            let reader = [("Authorization", "Bearer " + (key ?? "")), ("Content-Type", "application/json")]
            func status(_ method: String, _ path: String) throws -> Int {
                try Web.send(
                    try Web.request(
                        method, gateway.privateURL + path, headers: reader,
                        body: method == "GET" ? [] : Array("{}".utf8))
                ).status
            }
            #expect(try status("GET", path) == 200)
            #expect(try status("POST", path + "/file") == 403)
            #expect(try status("POST", path + "/retry") == 403)
            #expect(try status("GET", "/v1/documents") == 403)
        }

        @Test("what is not taken is known by its reason, and leads nowhere")
        func refused() throws {
            let gateway = try gateway("media: { max_size: 1kB, types: [image/*] }")
            let files: [(JSONValue, JSONValue)] = [
                (["type": "image/png", "size": 1_001], "too_large"),
                (["type": "video/mp4", "size": 9], "type_not_allowed"),
                (["type": "image/png", "base64": .string(Base64.encode(Array("<svg>".utf8)))], "type_not_allowed"),
                ("http://10.0.0.1/a", "private_address"), (.string(gateway.privateURL + "/metrics"), "private_address"),
            ]
            for (index, entry) in files.enumerated() {
                try send(entry.0, gateway)
                let media = try file(gateway, index + 1)
                #expect(media["state"] == "refused" && media["reason"] == entry.1)
                let path = "/v1/media/" + (media["id"]?.string ?? "")
                #expect(try gateway.call("GET", path + "/content").status == 409)
                #expect(try gateway.call("POST", path + "/link").status == 409)
                #expect(try gateway.call("POST", path + "/file", ["boat": "aurora"]).status == 409)
            }
            #expect(try gateway.call("GET", "/v1/documents").json["data"]?.array?.isEmpty == true)
            let names = try FileManager.default.subpathsOfDirectory(atPath: gateway.folder.path + "/data/media")
            #expect(names == ["tmp"])
            try send(["type": "image/png", "size": 1_000], gateway)
            #expect(try file(gateway, files.count + 1)["state"] == "stored")
        }

        @Test(
            "a file that is deleted is gone with its document and its link, and its bytes with the last that has them")
        func deleted() throws {
            let gateway = try gateway()
            let picture: JSONValue = ["type": "image/jpeg", "base64": .string(Base64.encode(Self.picture))]
            for count in 1...2 {
                try send(picture, gateway)
                _ = try file(gateway, count)
            }
            let media = try list(gateway)
            let paths = media.map { "/v1/media/" + ($0["id"]?.string ?? "") }
            let links = try paths.map { try gateway.call("POST", $0 + "/link").json["url"]?.string ?? "" }
            let key = try gateway.call("POST", "/v1/keys", ["name": "reader", "scopes": ["media:read"]]).json["key"]
            let reader = [("Authorization", "Bearer " + (key?.string ?? ""))]
            #expect(
                try Web.send(try Web.request("DELETE", gateway.privateURL + paths[0], headers: reader)).status == 403)

            let folder = gateway.folder.path + "/data/media"
            /// Once nothing but so many files is left.
            func waitForFiles(_ count: Int) throws {
                try eventually("\(count) files on disk") {
                    let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
                    return names.count { $0.contains("/") } == count ? true : nil
                }
            }
            #expect(try gateway.call("DELETE", paths[0]).status == 204)
            #expect(try gateway.call("DELETE", paths[0]).status == 404)
            for path in ["", "/content"] { #expect(try gateway.call("GET", paths[0] + path).status == 404) }
            #expect(try Web.send(try Web.request("GET", links[0])).status == 404)
            #expect(try list(gateway).map { $0["id"] } == [media[1]["id"]])
            try eventually("one document") {
                let documents = try gateway.call("GET", "/v1/documents").json["data"]?.array ?? []
                return documents.map { $0["media"] } == [media[1]["id"]] ? true : nil
            }
            try eventually("the row is gone") { try gateway.metric("gateway_media_total", "removed") == 1 ? true : nil }
            #expect(try Web.send(try Web.request("GET", links[1])).body == Self.picture)
            #expect(try gateway.call("DELETE", paths[1]).status == 204)
            gateway.program.send(SIGKILL)
            #expect(try gateway.program.wait() == -SIGKILL)
            let second = try RunningGateway(
                Setup.shipped { $0 += "\nmedia: { keep: 90d }\n" }, in: gateway.folder)
            #expect(try list(second).isEmpty)
            try waitForFiles(0)
            #expect(try second.call("GET", "/v1/media?state=removed").status == 400)
        }

        @Test("a kill in the middle of a download loses nothing and leaves no half of it")
        func killed() throws {
            let size: Int64 = 200_000_000
            let simulator = try RunningSimulator("  phones: { default: { sms: { deliver: 50ms } } }", in: try Folder())
            var setup = Setup(api: simulator.control.url)
            setup.simulator = ""
            setup.rest = "media: { max_size: 1GB }"
            let first = try RunningGateway(setup.yaml, environment: simulator.credentials)
            try simulator.post(
                "IncomingPhoneNumbers.json",
                [("PhoneNumber", "+41791234567"), ("SmsUrl", first.publicURL + "/webhooks/twilio/sms")])
            let text = try simulator.control.send(
                "POST", "phones/\(Self.owner)/text",
                ["to": "+41791234567", "body": "x", "media": [["type": "video/mp4", "size": .integer(size)]]])
            #expect(text.status == 201)
            let tmp = first.folder.path + "/data/media/tmp"
            try eventually("the beginning of the file", every: 1) {
                try FileManager.default.contentsOfDirectory(atPath: tmp).isEmpty ? nil : true
            }
            first.program.send(SIGKILL)
            #expect(try first.program.wait() == -SIGKILL)
            #expect(try FileManager.default.contentsOfDirectory(atPath: tmp).count == 1)
            let second = try RunningGateway(setup.yaml, environment: simulator.credentials, in: first.folder)
            let media = try file(second, 1, within: 60)
            #expect(media["state"] == "stored" && media["size"] == .integer(size))
            // The mark of what has come goes once its row is durable.
            try eventually("an empty folder") {
                try FileManager.default.contentsOfDirectory(atPath: tmp).isEmpty ? true : nil
            }
            let requests = try simulator.control.requests(method: "GET").count { $0.path.contains("/Media/") }
            #expect(requests == 2)
        }

        /// What of the process is in memory now, in bytes.
        private func memory(_ gateway: RunningGateway) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(gateway.program.pid)/statm", encoding: .utf8)
            let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
        }

        @Test("a file of 100 MB does not grow memory, neither when it comes nor when it goes")
        func memory() throws {
            let gateway = try gateway("media: { max_size: 200MB }")
            // What a first file needs is there.
            try send(["type": "video/mp4", "size": 1_000_000], gateway)
            _ = try file(gateway, 1)
            let before = try memory(gateway)
            var most = before
            try send(["type": "video/mp4", "size": 100_000_000], gateway)
            let media = try eventually("the file", within: 60, every: 2) { () -> JSONValue? in
                most = max(most, try memory(gateway))
                let files = try list(gateway)
                return files.count == 2 && files[0]["state"] != "waiting" ? .some(files[0]) : .none
            }
            #expect(media["state"] == "stored" && media["size"] == 100_000_000, "\(media)")
            let url = try gateway.call("POST", "/v1/media/" + (media["id"]?.string ?? "") + "/link").json["url"]?.string
            let answer = try Download(url ?? "").run { most = max(most, try memory(gateway)) }
            #expect(answer == 100_000_000)
            if Sanitizer.patience == 1 { #expect(most - before < 8_000_000, "grew by \(most - before) bytes") }
        }
    }
}

/// Takes a body without keeping it.
private struct Download {
    private let words: [Substring]

    init(_ url: String) { words = url.dropFirst("http://".count).split(separator: "/", maxSplits: 1) }

    /// Bytes of the body; `each` is called now and then.
    func run(_ each: () throws -> Void) throws -> Int {
        guard words.count == 2 else { throw Failure("no URL") }
        let host = words[0].split(separator: ":")
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(host[1]).map { $0.bigEndian } ?? 0
        address.sin_addr.s_addr = inet_addr(String(host[0]))
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure("no connection") }
        let request = Array("GET /\(words[1]) HTTP/1.1\r\nHost: \(words[0])\r\nConnection: close\r\n\r\n".utf8)
        _ = Glibc.send(descriptor, request, request.count, 0)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var (total, head) = (0, [UInt8]())
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            total += count
            if head.count < 4_096 { head += buffer[..<min(count, 4_096)] }
            try each()
        }
        guard let end = String(decoding: head, as: UTF8.self).range(of: "\r\n\r\n") else { throw Failure("no header") }
        return total - String(decoding: head, as: UTF8.self)[..<end.upperBound].utf8.count
    }
}
