import Gateway

/// A directory for commands that decide without a running gateway: nothing is sent, so the credentials of a simulator
/// are of no importance.
func makeDirectory(
    _ configuration: GatewayConfiguration, publicURL: String, simulatorBase: String?
) throws(CommandFailure) -> ConfigurationDirectory {
    let access = SimulatorAccess(
        baseURL: simulatorBase ?? "http://127.0.0.1:8082", accountSID: "AC" + String(repeating: "0", count: 32),
        authToken: String(repeating: "0", count: 32), keySID: "SK" + String(repeating: "0", count: 32),
        keySecret: String(repeating: "0", count: 32))
    let parts = GatewayRuntime.DirectoryParts(
        publicURL: publicURL, access: access, tokenKey: [UInt8](repeating: 0, count: 32), loadSnapshot: { _ in nil })
    return try GatewayRuntime.directory(configuration, parts)
}
