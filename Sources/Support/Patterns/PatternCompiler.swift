/// Makes a program of a tree. Places are made from the end to the beginning, so that each knows what follows it.
struct PatternCompiler {
    private var instructions: [PatternProgram.Instruction] = [.match]
    private var sets: [ScalarSet] = []
    private var indexes: [ScalarSet: Int] = [:]
    private var hasAssertions = false

    static func program(of node: PatternNode) throws(PatternError) -> PatternProgram {
        var compiler = PatternCompiler()
        let start = try compiler.place(node, before: 0)
        let classes = ScalarClasses(compiler.sets, tellsKinds: compiler.hasAssertions)
        return PatternProgram(
            instructions: compiler.instructions, classes: classes, members: compiler.sets.map(classes.members),
            start: start, hasAssertions: compiler.hasAssertions)
    }

    /// Makes the places of a node; returns the one to begin with.
    private mutating func place(_ node: PatternNode, before next: Int) throws(PatternError) -> Int {
        switch node {
        case .empty: return next
        case .scalars(let set): return try add(.consume(set: index(of: set), next: next))
        case .assertion(let assertion):
            hasAssertions = true
            return try add(.assertion(assertion, next: next))
        case .sequence(let nodes):
            var next = next
            for node in nodes.reversed() { next = try place(node, before: next) }
            return next
        case .alternatives(let nodes):
            var first: Int?
            for node in nodes.reversed() {
                let branch = try place(node, before: next)
                first = try first.map { other throws(PatternError) in try add(.split(branch, other)) } ?? branch
            }
            return first ?? next
        case .repetition(let node, let least, let most):
            return try placeRepetition(node, least, most, before: next)
        }
    }

    private mutating func placeRepetition(
        _ node: PatternNode, _ least: Int, _ most: Int?, before next: Int
    ) throws(PatternError) -> Int {
        var start = next
        if let most {
            // Each further repetition may be left out together with all that follow it.
            for _ in least..<max(least, most) {
                let inner = try place(node, before: start)
                start = try add(.split(inner, next))
            }
        } else {
            let loop = try add(.split(next, next))
            let inner = try place(node, before: loop)
            instructions[loop] = .split(inner, next)
            start = loop
        }
        for _ in 0..<least {
            let repeated = try place(node, before: start)
            // What matches nothing is the same however often it is repeated.
            if repeated == start { break }
            start = repeated
        }
        return start
    }

    private mutating func add(_ instruction: PatternProgram.Instruction) throws(PatternError) -> Int {
        guard instructions.count < PatternProgram.largest else {
            throw PatternError(.tooLarge, "the pattern repeats too much; use smaller bounds", at: 0)
        }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func index(of set: ScalarSet) -> Int {
        if let known = indexes[set] { return known }
        sets.append(set)
        indexes[set] = sets.count - 1
        return sets.count - 1
    }
}
