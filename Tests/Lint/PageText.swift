/// A Markdown page's links to other files of the project, and the anchors of its headings.
struct PageText {
    let links: [String]
    let anchors: Set<String>

    init(_ text: String) {
        var links: [String] = []
        var anchors: Set<String> = []
        var isCode = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            guard !isCode else { continue }
            if line.hasPrefix("#") { anchors.insert(Self.anchor(line)) }
            links += line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
            links += line.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.output.1) }
        }
        self.links = links.filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
        self.anchors = anchors
    }

    /// As GitHub makes it: lower case, blanks to hyphens, other signs dropped.
    private static func anchor(_ heading: Substring) -> String {
        let words = heading.drop { $0 == "#" }.trimmingPrefix(" ").lowercased()
        return String(
            words.compactMap { sign in
                if sign == " " { return "-" }
                return sign.isLetter || sign.isNumber || sign == "-" || sign == "_" ? sign : nil
            })
    }
}
