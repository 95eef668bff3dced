extension BudgetDefinition {
    /// Whose spending a delivery counts with: a tenant, a policy, `contact:ID` or a number; empty for everybody, `nil` when
    /// the budget is not for it.
    public func name(of job: DeliveryJob) -> String? { subject(of: job)?.name }
}
