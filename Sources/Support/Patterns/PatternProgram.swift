/// A pattern as a nondeterministic automaton (Thompson): places that are all followed at once.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on where the scalar's class is a member of a set.
        case consume(set: Int, next: Int)
        case split(Int, Int)
        case assertion(PatternAssertion, next: Int)
        case match
    }

    /// How many instructions a program may have.
    static let largest = 2000

    let instructions: [Instruction]
    let classes: ScalarClasses
    /// For each set whether each class is a member.
    let members: [[Bool]]
    let start: Int

    /// The places between two scalars, and what came before them.
    struct State: Sendable, Hashable {
        /// Ascending.
        var places: [Int]
        var previous: ScalarClasses.Kind
    }

    /// What comes after a state.
    enum Step {
        case matched
        case goesOn(State)
    }

    let hasAssertions: Bool

    var initial: State { State(places: [start], previous: .edge) }

    /// Follows all places over a scalar of a class, or over the end of the text where it is nil. A match may begin anywhere,
    /// so the start is added again.
    func step(_ state: State, over scalarClass: Int?, _ scratch: inout Scratch) -> Step {
        let following = scalarClass.map { classes.kinds[$0] } ?? .edge
        scratch.reset()
        for place in state.places { scratch.push(place) }
        while let place = scratch.pop() {
            switch instructions[place] {
            case .match: return .matched
            case .split(let first, let second):
                scratch.push(first)
                scratch.push(second)
            case .assertion(let assertion, let next):
                if PatternProgram.holds(assertion, state.previous, following) { scratch.push(next) }
            case .consume(let set, let next):
                if let scalarClass, members[set][scalarClass] { scratch.reached.insert(next) }
            }
        }
        scratch.reached.insert(start)
        return .goesOn(State(places: scratch.reached.ordered(), previous: hasAssertions ? following : .other))
    }

    private static func holds(
        _ assertion: PatternAssertion, _ previous: ScalarClasses.Kind, _ following: ScalarClasses.Kind
    ) -> Bool {
        switch assertion {
        case .textStart: previous == .edge
        case .textEnd: following == .edge
        case .lineStart: previous == .edge || previous == .lineFeed
        case .lineEnd: following == .edge || following == .lineFeed
        case .wordBoundary: (previous == .word) != (following == .word)
        case .noWordBoundary: (previous == .word) == (following == .word)
        }
    }

    /// Memory that steps use again and again.
    struct Scratch {
        var reached: PlaceSet
        private var seen: PlaceSet
        private var stack: [Int] = []

        init(count: Int) {
            reached = PlaceSet(count: count)
            seen = PlaceSet(count: count)
        }

        mutating func reset() {
            reached.removeAll()
            seen.removeAll()
            stack.removeAll(keepingCapacity: true)
        }

        mutating func push(_ place: Int) {
            if seen.insert(place) { stack.append(place) }
        }

        mutating func pop() -> Int? { stack.popLast() }
    }

    /// A set of places, as a list of bits.
    struct PlaceSet {
        private var words: [UInt64]

        init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

        mutating func removeAll() {
            for index in words.indices { words[index] = 0 }
        }

        @discardableResult
        mutating func insert(_ place: Int) -> Bool {
            let bit: UInt64 = 1 << UInt64(place & 63)
            let isNew = words[place >> 6] & bit == 0
            words[place >> 6] |= bit
            return isNew
        }

        func ordered() -> [Int] {
            var places: [Int] = []
            for (index, word) in words.enumerated() {
                var rest = word
                while rest != 0 {
                    places.append(index << 6 + rest.trailingZeroBitCount)
                    rest &= rest - 1
                }
            }
            return places
        }
    }
}
