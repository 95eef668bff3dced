import Gateway

/// Names and links of rooms.
public enum VideoRoom {
    /// Longest name that people choose; the provider's limit of 128 leaves room for a prefix.
    public static let maxName = 110

    private static let inspection = "yacht-inspection-"

    /// 1 to 110 letters, digits, `.`, `_` and `-`, and neither `.` nor `..`: a path segment as it stands.
    public static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maxName && isSegment(text) && !text.contains("~")
    }

    /// The room of a boat's inspection; `nil` for a boat whose id has other letters or is longer than 64.
    /// - Parameter suffix: letters and digits, without a dash.
    public static func name(boat: String, now: Timestamp, suffix: String) -> String? {
        guard isName(boat), boat.utf8.count <= 64, !suffix.isEmpty, !suffix.contains("-") else { return nil }
        let name = inspection + boat + "-" + String(now.milliseconds) + "-" + suffix
        return isSegment(name) ? name : nil
    }

    /// The boat of an inspection's room; `nil` for any other name.
    public static func boat(of name: String) -> String? {
        guard name.hasPrefix(inspection) else { return nil }
        let parts = name.dropFirst(inspection.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, Int64(parts[parts.count - 2]) != nil else { return nil }
        return parts.dropLast(2).joined(separator: "-")
    }

    /// The page at which a participant enters. The token stands in the fragment, which no server and no log sees.
    public static func link(publicURL: String, room: String, token: String) -> String? {
        guard !room.isEmpty, isSegment(room) else { return nil }
        var origin = publicURL[...]
        while origin.hasSuffix("/") { origin.removeLast() }
        return origin + "/rooms/" + room + "#token=" + token
    }

    /// The unreserved characters of RFC 3986, section 2.3.
    private static func isSegment(_ text: String) -> Bool {
        text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 0x2D
                    || byte == 0x2E || byte == 0x5F || byte == 0x7E
            }
    }
}
