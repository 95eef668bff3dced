/// What events tell. The raw value stands between `com.gateway.` and `.v1` in an event's `type`.
public enum EventType: String, Sendable, Hashable, CaseIterable {
    /// A message was taken for a recipient.
    case messageAccepted = "message.accepted"
    /// A provider took it.
    case messageSubmitted = "message.submitted"
    /// The provider handed it on.
    case messageSent = "message.sent"
    /// It reached the device, or somebody took the call.
    case messageDelivered = "message.delivered"
    /// It was shown, or heard.
    case messageRead = "message.read"
    /// A person confirmed it, on whatever channel.
    case messageAcknowledged = "message.acknowledged"
    /// A person said no.
    case messageDeclined = "message.declined"
    /// A text may have answered it.
    case messageReplied = "message.replied"
    /// One attempt failed; the delivery may go on.
    case messageFailed = "message.failed"
    /// It ended as the policy wants.
    case messageSatisfied = "message.satisfied"
    /// It ended with no step left.
    case messageExhausted = "message.exhausted"
    /// It ended because its time was over.
    case messageExpired = "message.expired"
    /// It ended because a caller cancelled it.
    case messageCancelled = "message.cancelled"
    /// It ended because the person withdrew consent.
    case messageSuppressed = "message.suppressed"
    /// It ended because a budget did not let it go.
    case messageBlocked = "message.blocked_budget"
    /// It was never sent: a rule or a person refused it.
    case messageRejected = "message.rejected"
    /// A call of ours rings.
    case callRinging = "call.ringing"
    /// A call of ours was taken.
    case callAnswered = "call.answered"
    /// A call is over, ours or a person's.
    case callEnded = "call.ended"
    /// A person wrote.
    case inboundReceived = "inbound.received"
    /// A file that a person sent is here.
    case mediaStored = "media.stored"
    /// A person calls.
    case callReceived = "call.received"
    /// What was recorded of a person's call is filed, or what was said in it.
    case callRecorded = "call.recorded"
    /// Somebody left a room.
    case roomLeft = "room.left"
    /// An inbound rule names an event: `emit`.
    case ruleEmitted = "rule.emitted"
    /// A person is asked.
    case reviewOpened = "review.opened"
    /// A person answered, or the question became moot.
    case reviewClosed = "review.closed"
    /// Work for a person was made.
    case taskCreated = "task.created"
    /// A worker took it.
    case taskAccepted = "task.accepted"
    /// A worker gave it back.
    case taskRejected = "task.rejected"
    /// It is done.
    case taskCompleted = "task.completed"
    /// Nobody is to do it any more.
    case taskCanceled = "task.canceled"
    /// It waits in another queue.
    case taskMoved = "task.moved"
    /// A worker is offered a task.
    case reservationCreated = "reservation.created"
    /// The worker takes it.
    case reservationAccepted = "reservation.accepted"
    /// The worker does not want it.
    case reservationRejected = "reservation.rejected"
    /// The worker let the time pass.
    case reservationTimedOut = "reservation.timed_out"
    /// It is not to be had any more, or the worker is not there.
    case reservationCanceled = "reservation.canceled"
    /// A worker came, went, or is not to be disturbed.
    case workerChanged = "worker.changed"
    /// People talk in a conference of the telephone.
    case conferenceStarted = "conference.started"
    /// It is over.
    case conferenceEnded = "conference.ended"
    /// Somebody is in a conference.
    case participantJoined = "participant.joined"
    /// Somebody was in a conference and is gone.
    case participantLeft = "participant.left"
    /// Somebody who was called did not come.
    case participantFailed = "participant.failed"
    /// A person gave or withdrew consent.
    case consentChanged = "consent.changed"
    /// A batch is over.
    case batchCompleted = "batch.completed"

    /// The CloudEvents `type` of a stored one, also of a later version's.
    public static func full(_ type: String) -> String { "com.gateway." + type + ".v1" }
}
