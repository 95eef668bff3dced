import Foundation
import Gateway

@testable import Server

/// A process that dies while it decides certain events: from then on it stores nothing, and its turn has no effect.
final class PlannedDeaths: CrashRecorder {
    private let path = NSTemporaryDirectory() + "story-\(UUID().uuidString.prefix(13)).mark"
    /// Which events are deadly.
    private let isDeadly: (CrashMark) -> Bool
    private var file: CrashFile?
    /// The process is dead until the next start.
    private(set) var hasDied = false
    /// How often it died.
    private(set) var count = 0
    /// Marks that were begun, over all starts.
    private(set) var begun: [CrashMark] = []

    init(at isDeadly: @escaping (CrashMark) -> Bool) { self.isDeadly = isDeadly }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The next process opens the file.
    func nextStart() throws -> PlannedDeaths {
        hasDied = false
        file = try CrashFile(path: path)
        return self
    }

    var crashedTwice: CrashMark? { file?.crashedTwice }

    func begin(_ mark: CrashMark) {
        guard !hasDied else { return }
        begun.append(mark)
        file?.begin(mark)
        guard isDeadly(mark) else { return }
        hasDied = true
        count += 1
    }

    func end() { if !hasDied { file?.end() } }

    func settled() { if !hasDied { file?.settled() } }
}

extension CrashMark {
    /// The kind of event, as `DeliveryEvent.fingerprint` writes it.
    var kind: UInt64 { event >> 56 }
}
