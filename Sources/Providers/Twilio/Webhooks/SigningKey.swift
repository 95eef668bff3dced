import Crypto
import Synchronization

/// A secret with its keyed context, shared between threads behind a lock: a code takes less than a microsecond.
final class SigningKey: Sendable {
    private struct Context {
        var key: HMACKey?
    }

    private let algorithm: HashAlgorithm
    private let secret: [UInt8]
    private let context: Mutex<Context>

    init(_ algorithm: HashAlgorithm, secret: String) {
        self.algorithm = algorithm
        self.secret = Array(secret.utf8)
        context = Mutex(Context(key: HMACKey(algorithm, key: Array(secret.utf8))))
    }

    /// HMAC of a message.
    func code(_ message: [UInt8]) -> [UInt8] {
        if let code = context.withLock({ $0.key?.code(message) }) { return code }
        return MessageCode.hmac(algorithm, key: secret, message)
    }
}
