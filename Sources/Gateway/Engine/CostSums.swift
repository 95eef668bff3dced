/// Whose spending is summed up.
struct CostSubject: Hashable {
    var scope: CostScope
    /// Empty for everybody.
    var name: String
}

/// What was spent in the running day and month, as far as budgets asked. Read from the store when first asked for, kept
/// while the day runs.
struct CostSums {
    /// Micros of the running day, and of the month up to it.
    struct Sum: Hashable {
        var day: Int64 = 0
        var month: Int64 = 0
    }

    /// The running day, in days since 1970 in the gateway's time zone.
    private(set) var day = 0
    /// The first day of its month.
    private(set) var monthStart = 0
    private var sums: [CostSubject: Sum] = [:]

    /// Another day has begun: everything is asked for anew.
    mutating func begin(day: Int, monthStart: Int) {
        guard day != self.day else { return }
        self = CostSums()
        self.day = day
        self.monthStart = monthStart
    }

    subscript(subject: CostSubject) -> Sum? {
        get { sums[subject] }
        set { sums[subject] = newValue }
    }

    /// Counts micros of a day for a subject that was asked for before.
    mutating func add(_ micros: Int64, on day: Int, to subject: CostSubject) {
        guard var sum = sums[subject], (monthStart...self.day).contains(day) else { return }
        sum.month &+= micros
        if day == self.day { sum.day &+= micros }
        sums[subject] = sum
    }
}
