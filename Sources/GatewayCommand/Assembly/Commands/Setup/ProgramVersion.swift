import COpenSSL
import CSQLite
import CYAML

/// Versions of the program and of what it runs with.
enum ProgramVersion {
    /// Of the program, semver.
    static let text = "0.1.0"

    /// Of the compiler, as far as a program can tell.
    static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    /// Of the loaded library, such as `3.40.1`.
    static var sqlite: String { String(cString: sqlite3_libversion()) }

    /// Of the loaded library, such as `3.0.17`.
    static var openSSL: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }

    /// Of the loaded library, such as `0.2.5`.
    static var libyaml: String { String(cString: yaml_get_version_string()) }

    /// All of them by name, in the order in which they are shown.
    static var all: [(name: String, version: String)] {
        [
            ("gateway", text), ("swift", swift), ("sqlite", sqlite), ("openssl", openSSL), ("libyaml", libyaml),
        ]
    }
}
