/// The queues in front of the senders: each lets so many segments a second pass.
struct SenderQueues {
    /// When each sender is free again, in Unix microseconds.
    private var free: [String: Int64] = [:]

    /// How long a message made now would wait, in milliseconds.
    func wait(_ sender: String, at time: Int64) -> Int64 {
        max(0, (free[sender] ?? 0) / 1000 - time)
    }

    /// Takes a place and tells when its turn comes (Unix milliseconds).
    mutating func reserve(_ sender: String, segments: Int, rate: Double, at time: Int64) -> Int64 {
        let start = max(time * 1000, free[sender] ?? 0)
        free[sender] = start + Int64((Double(segments) * 1_000_000 / rate).rounded(.up))
        return (start + 999) / 1000
    }
}

extension SimulatorScript {
    /// Segments a second that a sender may send.
    func rate(of address: ChannelAddress) -> Double {
        let entry = senders[address.text]
        if let rate = entry?.rate { return rate }
        if let kind = entry?.kind { return kind.rate }
        if !address.channel.isEmpty { return SenderScript.Kind.whatsapp.rate }
        if address.isShortCode { return SenderScript.Kind.shortCode.rate }
        if !address.isNumber { return SenderScript.Kind.alphanumeric.rate }
        let isTollFree = ["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"].contains {
            address.value.hasPrefix($0)
        }
        return (isTollFree ? SenderScript.Kind.tollFree : .longCode).rate
    }
}
