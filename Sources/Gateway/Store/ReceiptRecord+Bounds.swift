extension ReceiptRecord {
    /// Of the texts that were sent, the part that was reported on, 0...1.
    public var share: Double { min(1, Double(max(0, reported)) / Double(max(1, sent))) }

    /// Between which shares the true one lies: Wilson's score interval, 99.5% on each side. The engine leaves the texts of
    /// the last minutes out of the upper one.
    public var bounds: ClosedRange<Double> {
        let least = ReceiptFigures.bound(max(0, reported), of: sent, upper: false)
        return max(0, least)...min(1, ReceiptFigures.bound(max(0, reported), of: sent, upper: true))
    }

    /// So many texts are needed before anything follows from them.
    public static var enough: Int { ReceiptFigures.enough }
}
