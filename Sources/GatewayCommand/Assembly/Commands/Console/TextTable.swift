/// Rows in aligned columns, for a person.
struct TextTable: Sendable {
    private let header: [String]
    private var rows: [[String]] = []

    /// A table with these headings.
    init(_ header: [String]) { self.header = header }

    /// Whether it has no row.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; a missing cell is empty, a surplus one is not shown.
    mutating func add(_ cells: [String]) {
        rows.append(header.indices.map { $0 < cells.count ? PlainText.line(cells[$0]) : "" })
    }

    /// All lines, each ended by a line feed and without blanks at its end.
    func text(_ paint: Paint) -> String {
        let widths = header.indices.map { column in
            max(header[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        let lines = [header] + rows
        return lines.enumerated().map { index, cells in
            var line = ""
            for (column, cell) in cells.enumerated() {
                line += column == cells.count - 1 ? cell : PlainText.padded(cell, widths[column] + 2)
            }
            while line.last == " " { line.removeLast() }
            return (index == 0 ? paint(.strong, line) : line) + "\n"
        }.joined()
    }
}
