import Glibc
import Testing
import grantkeeper

@Suite struct PassedSocketTests {
    private let ownID = String(getpid())

    @Test func `nothing is passed to who is not named`() throws {
        #expect(try PassedSocket.descriptor(environment: [:]) == nil)
        #expect(try PassedSocket.descriptor(environment: ["LISTEN_FDS": "1"]) == nil)
        let others = ["LISTEN_FDS": "1", "LISTEN_PID": String(getpid() + 1)]
        #expect(try PassedSocket.descriptor(environment: others) == nil)
    }

    @Test func `one socket is the descriptor 3`() throws {
        let environment = ["LISTEN_FDS": "1", "LISTEN_PID": ownID]
        #expect(try PassedSocket.descriptor(environment: environment) == 3)
    }

    @Test(arguments: ["2", "0", "", "one"])
    func `any other number of them is refused`(count: String) {
        let environment = ["LISTEN_FDS": count, "LISTEN_PID": ownID]
        #expect(throws: CommandFailure.self) {
            try PassedSocket.descriptor(environment: environment)
        }
    }
}
