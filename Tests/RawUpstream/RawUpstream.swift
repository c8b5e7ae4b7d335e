import Glibc
import RawUpstreamServer

/// `RawUpstream [--port N]`: the misbehaving server as a program, for tests in shell. Prints where
/// it listens; SIGTERM and SIGINT end it.
@main
enum RawUpstream {
    static func main() {
        do {
            let server = try RawUpstreamServer(port: try port(CommandLine.arguments.dropFirst()))
            server.start()
            print("listening on 127.0.0.1:\(server.port)")
            fflush(nil)
            while true { pause() }
        } catch {
            print("RawUpstream [--port N]: \(error)")
            exit(2)
        }
    }

    private static func port(_ arguments: ArraySlice<String>) throws -> UInt16 {
        guard let option = arguments.first else { return 0 }
        guard option == "--port", arguments.count == 2, let last = arguments.last,
            let port = UInt16(last)
        else { throw UsageError() }
        return port
    }

    private struct UsageError: Error {}
}
