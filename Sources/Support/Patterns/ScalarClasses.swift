/// Divides all scalars into classes that a pattern does not tell apart, so that a table of transitions stays small.
struct ScalarClasses: Sendable {
    /// The kind of a scalar, as far as `^`, `$` and `\b` ask; `edge` is the beginning and the end of the text.
    enum Kind: UInt8, Sendable {
        case edge, word, lineFeed, other
    }

    /// The first scalar of each class's part, ascending; the first one is 0.
    private let starts: [UInt32]
    private let classOfPart: [UInt16]
    private let ascii: [UInt16]
    /// The kind of each class.
    let kinds: [Kind]

    var count: Int { kinds.count }

    /// The classes of a pattern with these sets. Kinds are told apart only where the pattern asks for them.
    init(_ sets: [ScalarSet], tellsKinds: Bool) {
        let all = tellsKinds ? sets + [.word, .lineFeed] : sets
        var bounds: Set<UInt32> = [0]
        for range in all.lazy.flatMap(\.ranges) {
            bounds.insert(range.lowerBound)
            if range.upperBound < ScalarSet.largest { bounds.insert(range.upperBound + 1) }
        }
        let starts = bounds.sorted()
        // Parts that lie in the same sets are one class.
        var classes: [[Bool]: UInt16] = [:]
        var kinds: [Kind] = []
        var classOfPart: [UInt16] = []
        for start in starts {
            let membership = all.map { $0.contains(start) }
            let known = classes[membership] ?? UInt16(truncatingIfNeeded: classes.count)
            if classes.updateValue(known, forKey: membership) == nil {
                let isWord = tellsKinds && ScalarSet.word.contains(start)
                kinds.append(isWord ? .word : tellsKinds && start == 0x0A ? .lineFeed : .other)
            }
            classOfPart.append(known)
        }
        self.starts = starts
        self.kinds = kinds
        self.classOfPart = classOfPart
        ascii = (0..<128).map { value in
            ScalarClasses.find(UInt32(value), starts: starts, classOfPart: classOfPart)
        }
    }

    /// The class of a scalar.
    func index(of value: UInt32) -> Int {
        Int(value < 128 ? ascii[Int(value)] : ScalarClasses.find(value, starts: starts, classOfPart: classOfPart))
    }

    /// The classes whose scalars lie in one of the sets from which the classes were made.
    func members(of set: ScalarSet) -> [Bool] {
        var members = Array(repeating: false, count: count)
        for (part, start) in starts.enumerated() where set.contains(start) { members[Int(classOfPart[part])] = true }
        return members
    }

    private static func find(_ value: UInt32, starts: [UInt32], classOfPart: [UInt16]) -> UInt16 {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= value { low = middle } else { high = middle }
        }
        return classOfPart[low]
    }
}
