/// A program as a deterministic automaton: one look-up per scalar.
///
/// It is built when the pattern is read, in bounded time and space; a pattern that would need more has none, and its
/// program is followed directly.
struct PatternTable: Sendable {
    /// How many entries a table may have.
    static let largest = 16384

    private static let matched: Int32 = -1
    private static let hopeless: Int32 = -2

    /// For each state and class the next state, or one of the two values above; behind the classes the end of the text.
    private let next: [Int32]
    private let width: Int
    private let classes: ScalarClasses

    init?(_ program: PatternProgram) {
        classes = program.classes
        width = program.classes.count + 1
        var scratch = PatternProgram.Scratch(count: program.instructions.count)
        var states = [program.initial]
        var indexes = [program.initial: Int32(0)]
        var next: [Int32] = []
        var current = 0
        while current < states.count {
            for column in 0..<width {
                let scalarClass = column < width - 1 ? column : nil
                switch program.step(states[current], over: scalarClass, &scratch) {
                case .matched: next.append(PatternTable.matched)
                case .goesOn where scalarClass == nil: next.append(PatternTable.hopeless)
                case .goesOn(let state):
                    if let known = indexes[state] {
                        next.append(known)
                        continue
                    }
                    guard (states.count + 1) * width <= PatternTable.largest else { return nil }
                    indexes[state] = Int32(states.count)
                    next.append(Int32(states.count))
                    states.append(state)
                }
            }
            current += 1
        }
        self.next = next
    }

    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scan = UTF8Scan(bytes)
        var state = 0
        while let scalar = scan.next() {
            let following = next[state * width + classes.index(of: scalar)]
            guard following >= 0 else { return following == PatternTable.matched }
            state = Int(following)
        }
        return next[state * width + width - 1] == PatternTable.matched
    }
}
