import Zones

extension ConfigurationDirectory {
    /// Budgets of days and months, in the file's order.
    public var budgets: [BudgetDefinition] { Array(configuration.budgets) }

    /// The day of a time in the gateway's time zone.
    public func date(of time: Timestamp) -> CivilDate {
        let seconds = time.milliseconds >= 0 ? time.milliseconds / 1_000 : (time.milliseconds - 999) / 1_000
        return ZoneCache.zone(configuration.gateway.timeZone).local(seconds).date
    }
}
