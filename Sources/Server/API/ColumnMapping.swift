import Gateway

/// Which columns of a table are called otherwise, and which are not wanted. Names are compared without blanks around
/// them and without regard to case.
struct ColumnMapping: Sendable {
    /// Columns that are named, and that are ignored, at most.
    static let most = 200

    /// A column's own name by the header's, in the order in which they were said.
    private(set) var names: [(header: String, column: String)] = []
    private(set) var ignored: Set<String> = []

    /// Takes `HEADER=COLUMN`; the last equals sign divides.
    mutating func map(_ text: String) throws(Problem) {
        guard let sign = text.lastIndex(of: "=") else {
            throw Problem(400, "bad_parameter", "map must be HEADER=COLUMN, such as Mobile=phone.")
        }
        let header = Self.name(String(text[..<sign]))
        let column = Self.name(String(text[text.index(after: sign)...]))
        guard ContactTable.column(column) != nil else {
            let fault = ContactTable.unknown(column)
            throw Problem(400, "bad_parameter", "map: \(fault.detail).")
        }
        try claim(header)
        names.append((header, column))
    }

    /// Takes a column of the header that holds nothing of a contact; the empty name means those without one.
    mutating func ignore(_ text: String) throws(Problem) {
        let header = Self.name(text)
        guard !ignored.contains(header) else { return }
        try claim(header)
        ignored.insert(header)
    }

    /// The column that a name of the header means: its own name where nobody said otherwise.
    func column(_ header: String) -> String { names.first { $0.header == header }?.column ?? header }

    /// A name of the header as it is compared.
    static func name(_ cell: String) -> String { ContactRow.trimmed(cell).lowercased() }

    private func claim(_ header: String) throws(Problem) {
        guard names.count + ignored.count < Self.most else {
            throw Problem(400, "bad_parameter", "map and ignore name at most \(Self.most) columns.")
        }
        guard !ignored.contains(header), !names.contains(where: { $0.header == header }) else {
            throw Problem(
                400, "bad_parameter", "The column '\(header.prefix(60))' is mapped or ignored already.")
        }
    }
}
