import Gateway
import PhoneNumbers
import Synchronization

/// Which numbers belong to contacts, in memory, so that a message to any other number needs no disk before it is
/// accepted. It may name a number whose contact is gone, which costs a look-up; it never misses one.
///
/// About 16 bytes a number.
public final class ContactNumbers: Sendable {
    private struct State {
        var numbers: Set<UInt64> = []
        var isLoaded = false
    }

    private let state = Mutex(State())

    /// Knows nothing yet: every number may belong to a contact.
    public init() {}

    /// Reads all contacts, page by page; blocks. Contacts that are noted meanwhile are kept.
    public func load(_ records: any RecordStore) throws(StoreError) {
        var last: String?
        while true {
            let page = try records.contacts(after: last, limit: 500)
            for contact in page { note(contact) }
            guard let end = page.last else { break }
            last = end.id
        }
        state.withLock { $0.isLoaded = true }
    }

    /// A contact that is about to be stored.
    public func note(_ contact: ContactRecord) {
        let numbers = contact.addresses.compactMap { try? E164(parsing: $0.value) }
        state.withLock { state in for number in numbers { state.numbers.insert(number.digits) } }
    }

    /// Whether a contact may have the number; `true` as long as the contacts are not loaded.
    func mayContain(_ number: E164) -> Bool {
        state.withLock { !$0.isLoaded || $0.numbers.contains(number.digits) }
    }
}
