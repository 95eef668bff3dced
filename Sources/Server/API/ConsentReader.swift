import Gateway
import JSON
import PhoneNumbers
import Zones

/// Reads the body of `PUT /v1/contacts/{id}/consents`; every fault has its JSON pointer.
struct ConsentReader {
    let contact: ContactRecord
    /// The senders of the running configuration, in its order.
    let senders: [String]
    let now: Timestamp
    private var faults = RequestFaults()

    /// - Parameter now: what no statement may be later than.
    init(_ contact: ContactRecord, senders: [String], now: Timestamp) {
        self.contact = contact
        self.senders = senders
        self.now = now
    }

    /// The statements in the body's order.
    mutating func read(_ object: JSONObject) throws(Problem) -> [ConsentRecord] {
        faults.addUnknown(of: object, ["consents"])
        let list = object["consents"]?.array ?? []
        if list.isEmpty || list.count > 100 { fault("/consents", "must be a list of 1 to 100 consents") }
        var consents: [ConsentRecord] = []
        for (index, value) in list.prefix(100).enumerated() {
            let pointer = "/consents/\(index)"
            if let object = value.object {
                if let consent = consent(object, pointer) { consents.append(consent) }
            } else {
                fault(pointer, "must be an object")
            }
        }
        try faults.check()
        return consents
    }

    private mutating func fault(_ pointer: String, _ detail: String) { faults.add(pointer, detail) }

    private mutating func consent(_ object: JSONObject, _ pointer: String) -> ConsentRecord? {
        faults.addUnknown(of: object, ["sender", "state", "address", "since"], at: pointer)
        let (number, sender, state) = (address(object, pointer), sender(object, pointer), object["state"]?.string)
        let time = since(object, pointer)
        guard state == "granted" || state == "withdrawn" else {
            fault(pointer + "/state", "must be granted or withdrawn")
            return nil
        }
        guard let number, let sender, let time else { return nil }
        return ConsentRecord(number: number, sender: sender, isGranted: state == "granted", since: time)
    }

    private mutating func sender(_ object: JSONObject, _ pointer: String) -> String? {
        if let text = object["sender"]?.string {
            if text == "*" || senders.contains(text) { return text }
            if let number = try? E164(parsing: text), senders.contains(number.text) { return number.text }
        }
        fault(
            pointer + "/sender", "must be a sender of channels.yaml, or * for all: " + senders.joined(separator: ", "))
        return nil
    }

    /// The contact's first number where none is named.
    private mutating func address(_ object: JSONObject, _ pointer: String) -> String? {
        let numbers = contact.phoneNumbers
        guard let value = object["address"] else {
            if numbers.isEmpty { fault(pointer + "/address", "this contact has no phone number") }
            return numbers.first
        }
        if let text = value.string, let number = try? E164(parsing: text), numbers.contains(number.text) {
            return number.text
        }
        fault(pointer + "/address", "must be a phone number of this contact")
        return nil
    }

    private mutating func since(_ object: JSONObject, _ pointer: String) -> Timestamp? {
        guard let value = object["since"] else { return now }
        if let text = value.string, let time = try? DateText.parseRFC3339(text), time <= now.milliseconds {
            return Timestamp(milliseconds: time)
        }
        fault(pointer + "/since", "must be an RFC 3339 time that is not in the future")
        return nil
    }
}

extension ContactRecord {
    /// Its phone numbers in order, each once.
    var phoneNumbers: [String] {
        var numbers: [String] = []
        for address in addresses where address.kind == "phone" && !numbers.contains(address.value) {
            numbers.append(address.value)
        }
        return numbers
    }
}
