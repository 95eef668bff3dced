/// Finds the name that somebody probably meant.
public enum NearestName {
    /// The name that is nearest to a word, or nil where none is near enough: at most a third of the word's letters, and at
    /// most three, may be wrong, missing, surplus or swapped with their neighbour. Case does not count.
    ///
    /// Of names that are equally near the first one is taken. Words longer than 64 characters have no suggestion.
    public static func suggest(_ word: String, among names: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().unicodeScalars.prefix(65))
        guard !letters.isEmpty, letters.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for name in names {
            let other = Array(name.lowercased().unicodeScalars.prefix(65))
            let allowed = min(3, max(1, max(letters.count, other.count) / 3))
            guard other.count <= 64, abs(other.count - letters.count) <= allowed else { continue }
            let distance = distance(letters, other)
            if distance <= allowed, distance < other.count, distance < best?.distance ?? .max {
                best = (name, distance)
            }
        }
        return best?.name
    }

    /// The Damerau-Levenshtein distance (optimal string alignment): how many letters must be changed, left out, added or
    /// swapped with their neighbour.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, scalar) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (scalar == other ? 0 : 1))
                if row > 0, column > 0, scalar == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
