import Gateway
import HTTP
import JSON

// What the engine has learned of receipts, as it wrote it down last: at most a minute old.

extension PrivateEndpoint {
    func listReceipts(_ request: HTTPRequest, _ respond: HTTPResponder) throws(Problem) {
        _ = try authorize(request, "receipts:read")
        let list = try ListQuery(request, filters: ["channel", "country"])
        let directory = directory
        store(respond) { [self] () throws(StoreError) in
            let (channel, country) = (list.filters["channel"], list.filters["country"])
            let wanted = try records.receipts().filter { row in
                (channel == nil || row.channel == channel) && (country == nil || row.country == country)
            }
            // There is one for each channel and country: few enough to look through them all.
            let start = list.after.flatMap { last in wanted.firstIndex { $0.cursor == last } }.map { $0 + 1 } ?? 0
            return list.page(Array(wanted[start...].prefix(list.limit)), { RecordViews.receipts($0, directory) }) {
                $0.cursor
            }
        }
    }
}

extension ReceiptRecord {
    fileprivate var cursor: String { channel + "." + country }
}

extension RecordViews {
    static func receipts(_ row: ReceiptRecord, _ directory: ConfigurationDirectory) -> JSONValue {
        let configured = directory.configuredReceipts(channel: row.channel, country: row.country)
        let bounds = row.bounds
        var out: JSONObject = [
            "channel": .string(row.channel), "country": .string(row.country), "sent": .int(row.sent),
            "reported": .int(row.reported), "share": share(row.share), "least": share(bounds.lowerBound),
            "most": share(bounds.upperBound), "is_enough": .bool(row.sent >= ReceiptRecord.enough),
            "quality": .string(row.quality.rawValue),
        ]
        out["configured"] = configured.map { .string($0.rawValue) }
        out["in_use"] = .string((configured ?? row.quality).rawValue)
        return .object(out)
    }

    /// Four digits behind the point are more than the figures know.
    private static func share(_ value: Double) -> JSONValue { .number((value * 10_000).rounded() / 10_000) }
}
