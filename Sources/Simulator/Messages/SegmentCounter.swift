/// Counts what a text costs in SMS segments (3GPP TS 23.038; limits of concatenated messages TS 23.040).
enum SegmentCounter {
    /// The number of segments, at least 1. Escape pairs and surrogate pairs are never split.
    static func segments(_ text: String) -> Int {
        var septets: [Int] = []
        for scalar in text.unicodeScalars {
            guard let cost = septetCost(scalar) else { return fill(text.unicodeScalars.map(Self.unitCost), 70, 67) }
            septets.append(cost)
        }
        return fill(septets, 160, 153)
    }

    private static func fill(_ costs: [Int], _ single: Int, _ part: Int) -> Int {
        if costs.reduce(0, +) <= single { return 1 }
        var segments = 1
        var used = 0
        for cost in costs {
            if used + cost > part {
                segments += 1
                used = 0
            }
            used += cost
        }
        return segments
    }

    private static func unitCost(_ scalar: Unicode.Scalar) -> Int {
        scalar.value > 0xFFFF ? 2 : 1
    }

    /// Septets of a character of the GSM alphabet, nil for others.
    private static func septetCost(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar.value {
        case 0x0A, 0x0D, 0x20...0x5A, 0x5F, 0x61...0x7A: 1
        case 0x0C, 0x5B...0x5E, 0x7B...0x7E, 0x20AC: 2
        case 0xA1, 0xA3, 0xA4, 0xA5, 0xA7, 0xBF, 0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF, 0xE0, 0xE4,
            0xE5, 0xE6, 0xE8, 0xE9, 0xEC, 0xF1, 0xF2, 0xF6, 0xF8, 0xF9, 0xFC, 0x393, 0x394, 0x398, 0x39B, 0x39E, 0x3A0,
            0x3A3, 0x3A6, 0x3A8, 0x3A9:
            1
        default: nil
        }
    }
}
