/// An alert of which a call speaks: a delivery and its step that calls.
public struct CallAlert: Sendable, Hashable {
    /// What is fixed about the delivery.
    public var job: DeliveryJob
    /// Index into the steps of its plan.
    public var step: Int
    /// The sender that places the call: an index into the step's list.
    public var sender: Int

    /// An alert of a delivery.
    public init(job: DeliveryJob, step: Int, sender: Int = 0) {
        self.job = job
        self.step = step
        self.sender = sender
    }
}

/// What one delivery adds to a call that speaks for several.
public struct CallSpeech: Sendable, Hashable {
    /// What is spoken of it.
    public var characters: Int
    /// `machine: leave_message` of its step.
    public var leavesMessage: Bool

    /// A share of a call.
    public init(characters: Int, leavesMessage: Bool) {
        self.characters = characters
        self.leavesMessage = leavesMessage
    }
}
