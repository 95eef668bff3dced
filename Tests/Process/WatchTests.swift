import Foundation
import Glibc
import HTTP
import JSON
import Testing

extension ProcessTests {
    @Suite("a changed file", .serialized)
    struct WatchTests {
        private func plan(_ gateway: RunningGateway) throws -> [String?] {
            let answer = try gateway.call("POST", "/v1/explain", ["to": "+41791112233", "text": "hello"])
            return answer.json["recipients"]?[0]?["plan"]?.array?.map { $0["channel"]?.string } ?? []
        }

        private func metric(_ name: String, _ gateway: RunningGateway) throws -> String? {
            let text = try Web.send(try Web.request("GET", gateway.privateURL + "/metrics")).text
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            return line?.split(separator: " ").last.map(String.init)
        }

        private func expect(_ plan: [String], _ gateway: RunningGateway, _ what: String) throws {
            try eventually("\(what)\n" + gateway.program.errorOutput) {
                try self.plan(gateway) == plan ? true : nil
            }
        }

        private static let accepted = #"gateway_configuration_reloads_total{result="accepted"}"#
        private static let refused = #"gateway_configuration_reloads_total{result="refused"}"#

        @Test("written over, renamed over or behind a link that was swapped, it takes effect once")
        func replaced() throws {
            let folder = try Folder()
            try FileManager.default.createDirectory(
                atPath: folder.path + "/second", withIntermediateDirectories: false)
            let gateway = try RunningGateway(Setup().yaml, in: folder)
            let hash = try metric("gateway_configuration_hash", gateway)
            try folder.write(
                Setup(chain: "[{ channel: voice, max_calls: 1 }, { channel: sms }]").yaml, to: "channels.yaml")
            try expect(["voice", "sms"], gateway, "written over")
            #expect(try metric("gateway_configuration_hash", gateway) != hash)
            try folder.write(Setup(chain: "[{ channel: whatsapp }, { channel: sms }]").yaml, to: "new.yaml")
            #expect(rename(folder.path + "/new.yaml", gateway.config) == 0)
            try expect(["whatsapp", "sms"], gateway, "renamed over")
            try folder.write(Setup(chain: "[{ channel: whatsapp }]").yaml, to: "second/other.yaml")
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/link", withDestinationPath: "second/other.yaml")
            #expect(rename(folder.path + "/link", gateway.config) == 0)
            try expect(["whatsapp"], gateway, "another link")
            #expect(try metric(Self.accepted, gateway) == "3")
            #expect(try metric(Self.refused, gateway) == nil)
        }

        @Test("a broken file is told once and the old one runs; mended, it runs")
        func broken() throws {
            let gateway = try RunningGateway(Setup().yaml)
            let hash = try metric("gateway_configuration_hash", gateway)
            #expect(try metric("gateway_configuration_reload_ok", gateway) == "1")
            try gateway.folder.write(Setup(chain: "[{ channel: smss }]").yaml, to: "channels.yaml")
            try eventually("the refusal") {
                try self.metric("gateway_configuration_reload_ok", gateway) == "0" ? true : nil
            }
            #expect(try plan(gateway) == ["sms"])
            #expect(try metric("gateway_configuration_hash", gateway) == hash)
            try gateway.folder.write(Setup(chain: "[{ channel: whatsapp }]").yaml, to: "channels.yaml")
            try expect(["whatsapp"], gateway, "mended")
            #expect(try metric("gateway_configuration_reload_ok", gateway) == "1")
            #expect(try metric(Self.refused, gateway) == "1")
        }
    }
}
