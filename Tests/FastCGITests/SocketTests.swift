import FastCGI
import Glibc
import Testing

struct SocketTests {
    private func server(_ listener: ServerConfiguration.Listener, _ path: String) throws
        -> TestServer
    {
        try TestServer(listener: listener, path: path)
    }

    private func mode(of path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? UInt32(status.st_mode) & 0o7777 : 0
    }

    @Test(arguments: [0o600, 0o660, 0o666] as [UInt16])
    func `the socket has the mode and the group that were asked for`(mode: UInt16) throws {
        let path = TestServer.temporaryPath()
        let server = try server(.path(path, mode: mode, group: String(getgid())), path)
        #expect(self.mode(of: path) == UInt32(mode))
        #expect(try server.connect().exchange(RawRequest()).isComplete)
    }

    @Test func `a group that does not exist is named in the error`() throws {
        let path = TestServer.temporaryPath()
        let error = #expect(throws: ServerError.self) {
            try server(.path(path, mode: 0o660, group: "no-such-group"), path)
        }
        #expect(error?.description.contains("no-such-group") == true)
        #expect(access(path, F_OK) != 0 && access(path + "~", F_OK) != 0)
    }

    @Test func `a socket that a dead server left is replaced`() throws {
        let path = TestServer.temporaryPath()
        let leftover = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(bindSocket(leftover, path) == 0 && listen(leftover, 1) == 0)
        close(leftover)
        let server = try server(.path(path, mode: 0o600, group: nil), path)
        #expect(try server.connect().exchange(RawRequest()).isComplete)
    }

    @Test func `a socket on which a server answers is left alone, and named`() throws {
        let first = try TestServer()
        let error = #expect(throws: ServerError.self) {
            try server(.path(first.path, mode: 0o600, group: nil), first.path)
        }
        #expect(error?.description.contains(first.path) == true)
        #expect(try first.connect().exchange(RawRequest()).isComplete)
    }

    @Test func `a file that is no socket is left alone`() throws {
        let path = TestServer.temporaryPath()
        close(open(path, O_CREAT | O_WRONLY, 0o600))
        #expect(throws: ServerError.self) {
            try server(.path(path, mode: 0o600, group: nil), path)
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test func `a path that is too long is an error that says so`() throws {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        let error = #expect(throws: ServerError.self) {
            try server(.path(path, mode: 0o600, group: nil), path)
        }
        #expect(error?.description.contains("too long") == true)
    }

    @Test func `the socket is removed at the end`() throws {
        let server = try TestServer()
        server.stop()
        #expect(eventually { server.hasEnded })
        #expect(access(server.path, F_OK) != 0)
    }

    @Test func `a socket that another server put in its place is not removed`() throws {
        let server = try TestServer()
        unlink(server.path)
        let other = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(other) }
        #expect(bindSocket(other, server.path) == 0 && listen(other, 1) == 0)
        server.stop()
        #expect(eventually { server.hasEnded })
        #expect(access(server.path, F_OK) == 0)
    }

    @Test func `an inherited socket survives the server, and the next one answers its queue`()
        throws
    {
        let path = TestServer.temporaryPath()
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        #expect(bindSocket(listener, path) == 0 && listen(listener, 10) == 0)
        let first = try server(.descriptor(dup(listener)), path)
        #expect(try first.connect().exchange(RawRequest()).isComplete)
        first.stop()
        #expect(eventually { first.hasEnded })
        #expect(access(path, F_OK) == 0)
        let waiting = try RawClient(path)
        waiting.send(RawRequest().bytes)
        let second = try server(.descriptor(dup(listener)), path)
        #expect(waiting.readAnswer().body == "hello")
        second.stop()
        #expect(eventually { second.hasEnded })
    }

    @Test func `a descriptor that is no listening socket is refused`() throws {
        let file = open("/dev/null", O_RDONLY)
        let unbound = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            close(file)
            close(unbound)
        }
        for descriptor in [file, unbound, 9999] {
            #expect(throws: ServerError.self) { try server(.descriptor(descriptor), "") }
        }
    }

    @Test func `SIGTERM is still deadly where it is not blocked`() throws {
        _ = try TestServer()
        var action = sigaction()
        sigaction(SIGTERM, nil, &action)
        #expect(action.__sigaction_handler.sa_handler == nil)
    }

    private func bindSocket(_ descriptor: Int32, _ path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
