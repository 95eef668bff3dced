import Gateway

extension PrivateEndpoint {
    /// Refuses new work of a priority for which there is no room.
    func checkRoom(_ priority: Priority) throws(Problem) {
        guard pressure.admits(priority) else {
            metrics.refused(priority)
            throw pressure.problem
        }
        // Between two measurements a burst can come to more than memory should hold.
        guard engine.backlog < Self.backlogLimit else {
            metrics.refused(priority)
            throw Problem(
                503, "overloaded", "Too much waits to be stored; try again.", retryAfter: pressure.retryAfter)
        }
    }
}
