import Gateway
import MemoryStore
import PhoneNumbers
import Testing

@testable import Server

@Suite("Numbers of contacts")
struct ContactNumbersTests {
    private let store = InMemoryStore()

    private func contact(_ id: String, _ number: String) -> ContactRecord {
        var contact = ContactRecord(id: id, name: id)
        contact.addresses = [ContactAddress(kind: "phone", value: number, verified: true)]
        return contact
    }

    private func number(_ text: String) throws -> E164 { try E164(parsing: text) }

    @Test("before the contacts are read, any number may be one of theirs")
    func unread() throws {
        #expect(ContactNumbers().mayContain(try number("+41791230000")))
    }

    @Test("afterwards only theirs are, over as many pages as there are")
    func loaded() throws {
        for index in 0..<1_201 { try store.put(contact("c\(index)", "+4179\(1_000_000 + index)")) }
        let numbers = ContactNumbers()
        try numbers.load(store)
        for index in [0, 499, 500, 1_000, 1_200] {
            #expect(numbers.mayContain(try number("+4179\(1_000_000 + index)")))
        }
        #expect(!numbers.mayContain(try number("+41792000000")))
    }

    @Test("a contact that is noted is known at once, also while the others are being read")
    func noted() throws {
        let numbers = ContactNumbers()
        numbers.note(contact("early", "+41791230001"))
        try numbers.load(store)
        numbers.note(contact("late", "+41791230002"))
        #expect(numbers.mayContain(try number("+41791230001")))
        #expect(numbers.mayContain(try number("+41791230002")))
    }

    @Test("an email address is no number")
    func email() throws {
        let numbers = ContactNumbers()
        var person = ContactRecord(id: "p", name: "P")
        person.addresses = [ContactAddress(kind: "email", value: "p@example.com", verified: true)]
        numbers.note(person)
        try numbers.load(store)
        #expect(!numbers.mayContain(try number("+41791230000")))
    }
}
