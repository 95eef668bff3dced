import YAML

/// An entry under `groups:`: people who are reached at once.
public struct GroupDefinition: NamedDefinition {
    /// As targets refer to it.
    public var name: String
    /// The callers' ids of contacts, in order, at least one, none twice.
    public var contacts: [String]
    /// Where the file defines it.
    public var mark: YAMLMark
}

/// An entry under `schedules:`: who is on duty when.
public struct ScheduleDefinition: NamedDefinition {
    /// As targets refer to it.
    public var name: String
    /// The first whose times hold is on duty; at least one.
    public var shifts: [Shift]
    /// Where the file defines it.
    public var mark: YAMLMark

    /// A line of a schedule.
    public struct Shift: Sendable, Hashable {
        /// A name under `times:`, in the gateway's time zone; `nil` for always.
        public var times: String?
        /// Who is on duty then: a contact or a group.
        public var target: StepTarget
    }
}
