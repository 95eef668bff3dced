/// Those who have messages in lanes, numbered in the order in which they were first seen, each with what it may.
struct Tenants {
    private(set) var names: [String] = []
    private var quotas: [Quota] = []
    private var numbers: [String: Int] = [:]
    /// Neighbours mostly have the same tenant.
    private var last: (name: String, number: Int)?

    /// Counts from 0; a new one may what `limits` says.
    mutating func number(of name: String, limits: (String) -> Quota) -> Int {
        if let last, last.name == name { return last.number }
        let number = numbers[name] ?? add(name, limits(name))
        last = (name, number)
        return number
    }

    private mutating func add(_ name: String, _ quota: Quota) -> Int {
        numbers[name] = names.count
        names.append(name)
        quotas.append(quota)
        return names.count - 1
    }

    subscript(number: Int) -> Quota { quotas[number] }

    /// The quota of one who was seen.
    func quota(of name: String) -> Quota? { numbers[name].map { quotas[$0] } }

    /// What each has under way, by number; a failed commit puts it back.
    var inFlight: [Int] { quotas.map(\.inFlight) }

    /// Those who came since have nothing under way.
    func restore(inFlight: [Int]) {
        for (number, quota) in quotas.enumerated() {
            quota.inFlight = number < inFlight.count ? inFlight[number] : 0
        }
    }
}
