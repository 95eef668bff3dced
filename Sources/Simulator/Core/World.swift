import HTTP

/// What the parts of one simulator share.
final class World {
    let kernel: Kernel
    let credentials: SimulatorCredentials
    /// Where the simulator is reached, without a slash at the end; begins URLs in answers.
    let baseURL: String
    var script: SimulatorScript
    let faults: FaultPlan
    let webhooks: WebhookCaller
    private var sids: SIDFactory

    init(script: SimulatorScript, credentials: SimulatorCredentials, baseURL: String, incarnation: UInt64) {
        kernel = Kernel(seed: script.seed)
        self.script = script
        self.credentials = credentials
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        faults = FaultPlan(kernel: kernel)
        webhooks = WebhookCaller(
            kernel: kernel, faults: faults, credentials: credentials, logLimit: script.logLimit)
        sids = SIDFactory(seed: script.seed, incarnation: incarnation)
        apply(script)
    }

    /// Puts another script in force; what has begun goes on by the old one.
    func apply(_ script: SimulatorScript) {
        if script.seed != self.script.seed { kernel.reseed(script.seed) }
        self.script = script
        faults.replace(script.faults)
        webhooks.isSignedWithSHA256 = script.isSignedWithSHA256
    }

    /// A new identifier.
    func sid(_ prefix: String) -> String {
        sids.next(prefix)
    }

    /// The path of the account's resources in the 2010 API.
    var accountPath: String { "/2010-04-01/Accounts/\(credentials.accountSID)" }
}
