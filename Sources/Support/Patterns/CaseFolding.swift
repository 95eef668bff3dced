/// Letters that differ in case alone: Latin, Greek, Cyrillic, Armenian and the forms that fold to them.
enum CaseFolding {
    /// Groups of two or more scalars that fold to the same one (Unicode simple case folding), ordered by their first.
    static let orbits: [[UInt32]] = {
        var groups: [UInt32: [UInt32]] = [:]
        for range in [0x41...0x5FF, 0x1C80...0x1C8A, 0x1E00...0x1FFF, 0x2126...0x2126, 0x212A...0x212B]
            as [ClosedRange<UInt32>]
        {
            for value in range {
                guard let scalar = Unicode.Scalar(value), scalar.properties.isCased || value == 0x345 else { continue }
                groups[folded(scalar).value, default: []].append(value)
            }
        }
        return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }()

    /// The group in which each scalar is.
    static let orbitOfScalar: [UInt32: [UInt32]] = {
        var found: [UInt32: [UInt32]] = [:]
        for orbit in orbits { for value in orbit { found[value] = orbit } }
        return found
    }()

    private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        // The dotless i is another letter than i, unless the language is Turkish.
        guard scalar.value != 0x131 else { return scalar }
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return single(upper.properties.lowercaseMapping) ?? upper
    }

    private static func single(_ mapping: String) -> Unicode.Scalar? {
        let scalars = mapping.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
