import CLinux
import Gateway
import Glibc
import Synchronization

/// A `CrashRecorder` in 64 bytes of a file that is mapped and shared: the kernel keeps what was stored when the process
/// is killed. It need not survive the machine: a stale mark must be found twice before it has an effect.
///
/// Eight little numbers: what the file is, starts so far, the mark being decided (delivery, event), the mark that the
/// last start found, the mark that two starts in a row found.
public final class CrashFile: CrashRecorder {
    private static let size = 64
    private static let magic: UInt64 = 0x3148_5352_4357_4753

    private enum Word: Int {
        case magic, starts, delivery, event, foundDelivery, foundEvent, barredDelivery, barredEvent
    }

    private let base: UnsafeMutableRawPointer

    /// Opens the file or makes it (0600), counts the start, and judges what the last one left. Only the process that
    /// holds the store's lock may do so.
    /// - Throws: what the file cannot do, for people.
    public init(path: String) throws(CrashFileError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CrashFileError(path, errno) }
        defer { close(descriptor) }
        var words = [UInt64](repeating: 0, count: 8)
        let read = words.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, Self.size, 0) }
        if read != Self.size || words[Word.magic.rawValue] != Self.magic {
            words = Array(repeating: 0, count: 8)
            words[Word.magic.rawValue] = Self.magic
        }
        Self.judge(&words)
        // Written, not mapped: a hole in a full file system would end the process at the first store.
        guard ftruncate(descriptor, off_t(Self.size)) == 0,
            words.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, Self.size, 0) }) == Self.size
        else { throw CrashFileError(path, errno) }
        guard let base = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            base != UnsafeMutableRawPointer(bitPattern: -1)
        else { throw CrashFileError(path, errno) }
        self.base = base
    }

    deinit { munmap(base, Self.size) }

    /// What was being decided when the process died is barred when the start before found the same.
    private static func judge(_ words: inout [UInt64]) {
        func mark(_ first: Word) -> ArraySlice<UInt64> { words[first.rawValue...first.rawValue + 1] }
        words[Word.starts.rawValue] &+= 1
        let isNoted = words[Word.delivery.rawValue] != 0
        if isNoted, Array(mark(.delivery)) == Array(mark(.foundDelivery)) {
            words.replaceSubrange(Word.barredDelivery.rawValue..<8, with: mark(.delivery))
        }
        words.replaceSubrange(
            Word.foundDelivery.rawValue..<Word.barredDelivery.rawValue, with: isNoted ? mark(.delivery) : [0, 0])
        words.replaceSubrange(Word.delivery.rawValue..<Word.foundDelivery.rawValue, with: [0, 0])
    }

    /// How often a process opened the file.
    public var starts: UInt64 { load(.starts) }

    /// The event at which the process died at the last two starts; `nil` when there is none.
    public var crashedTwice: CrashMark? {
        guard let delivery = RecordID(rawValue: Int64(bitPattern: load(.barredDelivery))) else { return nil }
        return CrashMark(delivery: delivery, event: load(.barredEvent))
    }

    /// An event is about to be decided: two stores, no system call.
    public func begin(_ mark: CrashMark) {
        store(mark.event, .event)
        store(UInt64(bitPattern: mark.delivery.rawValue), .delivery)
    }

    /// It is decided.
    public func end() { store(0, .delivery) }

    /// `crashedTwice` is barred, durably.
    public func settled() {
        store(0, .barredDelivery)
        store(0, .foundDelivery)
    }

    // MARK: words

    private func place(_ word: Word) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (base + word.rawValue * 8).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    // Atomic so that the compiler neither drops a store that is soon replaced nor changes their order.
    private func store(_ value: UInt64, _ word: Word) { place(word).pointee.store(value, ordering: .releasing) }

    private func load(_ word: Word) -> UInt64 { place(word).pointee.load(ordering: .acquiring) }
}

/// Why the crash file cannot be used.
public struct CrashFileError: Error, Sendable, Hashable {
    /// For a person: the path and the system's reason.
    public var message: String

    init(_ path: String, _ number: Int32) { message = path + ": " + String(cString: strerror(number)) }
}
