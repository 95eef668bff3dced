import Assembly
import Glibc

@main
struct GatewayMain {
    static func main() { exit(GatewayCommandLine.run()) }
}
