import Crypto
import Gateway

/// Keeps the rooms of tenants apart at the one account that they share: by a prefix that no name can have.
struct RoomScope: Sendable {
    private let tenant: String
    private let prefix: String

    /// Nothing goes before the names of the tenant `default`.
    init(tenant: String) {
        self.tenant = tenant
        let digest = Hex.encode(HashAlgorithm.sha256.digest(Array(tenant.utf8)))
        prefix = tenant == "default" ? "" : digest.prefix(16) + "~"
    }

    /// The name at the provider.
    func full(_ name: String) -> String { prefix + name }

    /// The room for which this tenant pays.
    func paying(_ request: RoomRequest) -> RoomRequest {
        var request = request
        request.tenant = tenant
        return request
    }

    /// The name of a room of this tenant; `nil` for one of others.
    func own(_ full: String) -> String? {
        guard full.hasPrefix(prefix) else { return nil }
        let name = String(full.dropFirst(prefix.count))
        return name.contains("~") ? nil : name
    }
}
