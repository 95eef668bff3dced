// The daily caps of API keys. The engine decides one message after the other, so two at once cannot both pass a cap,
// and what is spent commits with what is accepted.

extension EngineCore {
    /// Whether the key may have this message today; whoever waits is told when it may not.
    func isWithinCaps(_ input: AcceptInput, _ ticket: Int) -> Bool {
        do throws(StoreError) {
            guard try !pays(input) else { return true }
            release(ticket, .capReached)
        } catch {
            release(ticket, .unavailable(error))
        }
        return false
    }

    /// Counts what a message costs its key; `false` beyond a cap.
    func pays(_ input: AcceptInput) throws(StoreError) -> Bool { try pays(input.isRejected ? nil : input.spend) }

    /// Counts what something costs its key; `false` beyond a cap.
    func pays(_ spend: KeySpend?) throws(StoreError) -> Bool {
        guard let spend else { return true }
        try startDay()
        guard let record = spending.take(spend) else { return false }
        add(record)
        return true
    }

    /// Reads the figures when another day runs than before: after the start, at midnight, or when the clock was set.
    private func startDay() throws(StoreError) {
        let day = SpendRecord.day(of: now)
        guard spending.day != day else { return }
        spending = KeySpending(day: day, try store.spends(onDay: day))
    }

    /// One row for each key in a commit.
    private func add(_ record: SpendRecord) {
        guard let index = turn.batch.spends.firstIndex(where: { $0.key == record.key }) else {
            turn.batch.spends.append(record)
            return
        }
        turn.batch.spends[index].calls += record.calls
        turn.batch.spends[index].micros += record.micros
    }
}
