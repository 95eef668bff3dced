/// What `gateway serve` and `gateway simulator` were asked for.
struct ServeOptions: Sendable, Hashable {
    /// The path of channels.yaml.
    var config: String
    /// Replaces the folder of the store, keys and addresses.
    var data: String?
    /// A `simulator:` section is no error while a provider is real.
    var allowsIdleSimulator = false
}
