/// Small numbers for the names of tenants, in the order in which they were first seen.
struct TenantNumbers {
    private var numbers: [String: Int] = [:]
    /// Neighbours mostly have the same tenant.
    private var last: (name: String, number: Int)?

    /// Counts from 0.
    mutating func number(of name: String) -> Int {
        if let last, last.name == name { return last.number }
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        last = (name, number)
        return number
    }
}
