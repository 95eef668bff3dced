import YAML

extension StepSection {
    /// `channel:` of a step: a name, or a list of channels of one kind in the order in which they are used.
    func senders(_ section: SectionReader) -> [Scalar] {
        guard let node = section.node("channel"), case .sequence(let items) = node.kind else {
            guard let channel = section.requiredText("channel") else { return [] }
            session.refer(to: .channel, channel.text, at: channel.mark)
            return [channel]
        }
        guard (1...PlanStep.mostSenders).contains(items.count) else {
            session.error(
                "out_of_range",
                "the list of senders of \(section.title) has \(items.count); name 1 to \(PlanStep.mostSenders)",
                at: node.mark)
            return []
        }
        var senders: [Scalar] = []
        for item in items {
            guard let sender = session.scalar(item, for: "an entry of 'channel'") else { continue }
            if senders.contains(where: { $0.text == sender.text }) {
                session.error(
                    "duplicate_value", "\(sender.shown) is twice in the list of senders; keep one", at: sender.mark)
                continue
            }
            session.refer(to: .channel, sender.text, at: sender.mark)
            senders.append(sender)
        }
        refuseOtherKinds(senders)
        return senders
    }

    /// One content and one set of clocks are for all of them; from one kind to another leads the next step.
    private func refuseOtherKinds(_ senders: [Scalar]) {
        let known = senders.compactMap { sender in session.channels[sender.text].map { (sender, $0.kind) } }
        guard let first = known.first else { return }
        for (sender, kind) in known where kind != first.1 {
            session.error(
                "other_kind",
                "\(sender.shown) is a channel for \(kind.rawValue), but the first of the list is one for "
                    + "\(first.1.rawValue); give it a step of its own", at: sender.mark)
        }
    }
}
