/// Carries a loop's own object through work that runs on that same loop.
struct LoopReference<Object: AnyObject>: @unchecked Sendable {
    private(set) weak var value: Object?

    init(_ value: Object) {
        self.value = value
    }
}
