import Zones

extension ConfigurationDirectory {
    /// Who is given tasks, and how.
    public var taskRouting: TaskRouting { configuration.taskRouting }

    /// Budgets of days and months, in the file's order.
    public var budgets: [BudgetDefinition] { Array(configuration.budgets) }

    /// What an item costs over a channel in a country, in the running configuration.
    public func price(
        of item: String, _ direction: PriceTable.Direction, over channel: String, country: String
    ) -> PriceTable.Entry? {
        configuration.prices.price(of: item, direction, over: channel, country: country.isEmpty ? nil : country)
    }

    /// When a day begins in the gateway's time zone.
    public func start(ofDay day: Int) -> Timestamp {
        let midnight = LocalTime(date: CivilDate(daysSinceEpoch: day), hour: 0, minute: 0)
        let seconds = midnight.map(ZoneCache.zone(configuration.gateway.timeZone).instant)
        return Timestamp(milliseconds: (seconds ?? Int64(day) * 86_400) * 1_000)
    }

    /// The day of a time in the gateway's time zone.
    public func date(of time: Timestamp) -> CivilDate {
        let seconds = time.milliseconds >= 0 ? time.milliseconds / 1_000 : (time.milliseconds - 999) / 1_000
        return ZoneCache.zone(configuration.gateway.timeZone).local(seconds).date
    }
}
