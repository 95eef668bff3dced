// What a person was spared: a step that was skipped because nobody may be reached more often.

extension Decider {
    /// A step was skipped for `per_person:`; then the end of the chain is not passed over in silence.
    var isSilenced: Bool { state.steps.contains { $0.status == .skipped(.exposure) } }
}
