import TestSupport
import Testing
import grantkeeper

@Suite struct SupervisorTests {
    @Test func `a supervisor with a socket in the file system is told`() throws {
        let directory = try TemporaryDirectory()
        let listener = try DatagramListener(directory.file("notify"))
        let supervisor = Supervisor(environment: ["NOTIFY_SOCKET": directory.file("notify")])
        supervisor.tellReady()
        #expect(listener.next() == "READY=1")
        supervisor.tellStopping()
        #expect(listener.next() == "STOPPING=1")
    }

    @Test func `a supervisor with an abstract name is told`() throws {
        let name = "@grantkeeper-test-\(UInt64.random(in: 0 ... .max))"
        let listener = try DatagramListener(name)
        Supervisor(environment: ["NOTIFY_SOCKET": name]).tellReady()
        #expect(listener.next() == "READY=1")
    }

    @Test(arguments: ["", "relative", "/nowhere/notify", String(repeating: "/long", count: 40)])
    func `an address where no process listens does no harm`(address: String) throws {
        Supervisor(environment: ["NOTIFY_SOCKET": address]).tellReady()
        Supervisor(environment: [:]).tellStopping()
    }
}
