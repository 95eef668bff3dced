import Gateway
import JSON
import Testing

@Suite("Stories of tasks")
struct TaskStories {
    static let owner = StoryConfiguration.owner

    private func gateway() throws -> VirtualGateway {
        var story = StoryConfiguration("  first: { fallback: [{ channel: sms }] }")
        story.inbound = """
                - name: repairs
                  when: { text: /broken/i }
                  do:
                    - { task: { queue: workshop, priority: 10, attributes: { skill: engine, text: "see inbound" } } }
                    - { task: { queue: invoices }, when: { text: /invoice/i } }
                - { name: calls, when: { channel: voice }, do: [{ task: { queue: calls } }, { menu: main }] }
                - { name: everything else, do: [ignore] }
            """
        let gateway = try VirtualGateway(story)
        var ann = ContactRecord(id: "ann", name: "Ann")
        ann.addresses = [ContactAddress(kind: "phone", value: Self.owner, verified: true)]
        try gateway.store.put(ann)
        return gateway
    }

    private func write(_ text: String, _ gateway: VirtualGateway) throws {
        try gateway.control(
            "POST", "phones/\(Self.owner)/text", ["to": .string(StoryConfiguration.sender), "body": .string(text)])
        gateway.run(for: .seconds(2))
    }

    @Test("a message becomes a task with what came in, once, however often the webhook comes")
    func made() throws {
        let gateway = try gateway()
        try write("The winch is broken", gateway)
        let task = try #require(try gateway.store.tasks(TaskQuery(), after: nil, limit: 9).first)
        #expect(task.queue == "workshop" && task.priority == 10 && task.state == .pending && task.contact == "ann")
        let inbound = try #require(try gateway.store.inbound(before: nil, limit: 1).first)
        #expect(task.inbound == inbound.id)
        let attributes = try JSONValue(parsing: task.attributes)
        #expect(attributes["from"]?.string == Self.owner && attributes["skill"] == "engine")
        #expect(attributes["text"] == "see inbound", "the rule's own come last")
        #expect(attributes["rule"] == "repairs" && attributes["contact_verified"] == true)
        #expect(try JSONValue(parsing: inbound.body)["tasks"] == [.string(task.id.text(.task))])
        _ = gateway.repeatWebhook(try #require(gateway.received.last?.request))
        gateway.run(for: .seconds(2))
        #expect(try gateway.store.tasks(TaskQuery(), after: nil, limit: 9).count == 1)
        try write("The invoice of the broken winch", gateway)
        #expect(
            try gateway.store.tasks(TaskQuery(), after: nil, limit: 9).map(\.queue) == [
                "workshop", "workshop", "invoices",
            ])
    }

    @Test("a call becomes one task, however many keys are pressed in its menu")
    func call() throws {
        let gateway = try gateway()
        try gateway.control(
            "POST", "phones/\(Self.owner)/call",
            [
                "to": .string(StoryConfiguration.sender),
                "do": [["hear": "2s"], ["press": "1"], ["hear": "5s"], ["press": "1"]],
            ])
        gateway.run(for: .seconds(120))
        let tasks = try gateway.store.tasks(TaskQuery(), after: nil, limit: 9)
        #expect(tasks.map(\.queue) == ["calls"])
        #expect(try JSONValue(parsing: try #require(tasks.first).attributes)["channel"] == "voice")
    }

    @Test("a kill after the commit makes no second task of the webhook that comes again")
    func kill() throws {
        let gateway = try gateway()
        gateway.crashAfterNextCommit()
        try write("The winch is broken", gateway)
        gateway.run(for: .seconds(60))
        #expect(try gateway.store.tasks(TaskQuery(), after: nil, limit: 9).count == 1)
    }

    @Test("who takes it, gives it back and ends it is told as events, in order, and kept over a kill")
    func worked() throws {
        let gateway = try gateway()
        try write("The winch is broken", gateway)
        let id = try #require(try gateway.store.tasks(TaskQuery(), after: nil, limit: 1).first?.id)
        for action in [
            TaskAction.accept(worker: "luca"), .accept(worker: "luca"), .accept(worker: "mia"), .reject(), .reject(),
            .accept(worker: "mia"), .complete(reason: "new rope"), .cancel(reason: nil),
        ] {
            gateway.submit(.task(TaskChange(action, of: id, by: "k"), ticket: gateway.takeTicket()))
            gateway.run(for: .seconds(1))
        }
        try gateway.restart()
        let task = try #require(try gateway.store.task(id))
        #expect(task.state == .completed && task.worker == "mia" && task.reason == "new rope")
        let told = try gateway.store.eventRows(after: 0, limit: 999).compactMap { row -> String? in
            guard case .published(let event) = row, event.type.hasPrefix("task.") else { return nil }
            return event.type + " " + ((try? JSONValue(parsing: event.body))?["worker"]?.string ?? "")
        }
        #expect(
            told == [
                "task.created ", "task.accepted luca", "task.rejected ", "task.accepted mia", "task.completed mia",
            ])
    }
}
