import Glibc

extension SocketAddress {
    /// Whether the whole internet reaches the address. Everything is not that the registries of special-purpose addresses
    /// (RFC 6890, RFC 8190) keep for something else: loopback, private, link-local, shared, documentation, multicast,
    /// reserved; of IPv6 all but global unicast, without what carries an IPv4 address inside.
    var isPublic: Bool {
        let address = numeric
        return switch family {
        case AF_INET: address.count == 4 && !Self.special4.contains { $0.contains(address) }
        case AF_INET6:
            address.count == 16 && Self.globalUnicast.contains(address)
                && !Self.special6.contains { $0.contains(address) }
        default: false
        }
    }

    /// The bits that all addresses of a network begin with.
    private struct Network {
        let address: [UInt8]
        let bits: Int

        func contains(_ other: [UInt8]) -> Bool {
            for index in address.indices where index * 8 < bits {
                let unused = max(0, (index + 1) * 8 - bits)
                let mask = UInt8(truncatingIfNeeded: 0xFF << unused)
                guard address[index] & mask == other[index] & mask else { return false }
            }
            return true
        }
    }

    private static let special4 = [
        Network(address: [0], bits: 8), Network(address: [10], bits: 8), Network(address: [100, 64], bits: 10),
        Network(address: [127], bits: 8), Network(address: [169, 254], bits: 16),
        Network(address: [172, 16], bits: 12), Network(address: [192, 0, 0], bits: 24),
        Network(address: [192, 0, 2], bits: 24), Network(address: [192, 88, 99], bits: 24),
        Network(address: [192, 168], bits: 16), Network(address: [198, 18], bits: 15),
        Network(address: [198, 51, 100], bits: 24), Network(address: [203, 0, 113], bits: 24),
        Network(address: [224], bits: 3),
    ]
    private static let globalUnicast = Network(address: [0x20], bits: 3)
    /// Protocol assignments with Teredo, documentation, 6to4.
    private static let special6 = [
        Network(address: [0x20, 0x01, 0], bits: 23), Network(address: [0x20, 0x01, 0x0D, 0xB8], bits: 32),
        Network(address: [0x20, 0x02], bits: 16), Network(address: [0x3F, 0xFF, 0], bits: 20),
    ]
}

extension HTTPURL {
    /// Whether the host is an address that the whole internet does not reach, or a name of this machine. What another name
    /// leads to is known only when it is looked up: ``HTTPClientLimits/publicAddressesOnly``.
    public var namesPrivateHost: Bool {
        if let address = SocketAddress.resolve(origin.host, port: origin.port, numericOnly: true).first {
            return !address.isPublic
        }
        let name = origin.host.hasSuffix(".") ? String(origin.host.dropLast()) : origin.host
        return name == "localhost" || name.hasSuffix(".localhost")
    }
}
