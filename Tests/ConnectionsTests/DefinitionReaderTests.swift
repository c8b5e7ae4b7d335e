import Encoding
import TestSupport
import Testing

/// How an integration's fields may be written.
struct DefinitionReaderTests {
    private let house: TestKeeper

    init() throws {
        house = try TestKeeper()
    }

    @Test func `an id that is a number may be written as one`() throws {
        let definition = try house.addDrive([("clientId", 12345), ("keyId", 7)]).definition
        #expect(definition.clientId == "12345")
        #expect(definition.keyId == "7")
    }

    @Test(
        arguments: [
            ("name", 5), ("scope", true), ("resource", [1]), ("tokenParameters", ["a": 1]),
        ] as [(String, JSONValue)])
    func `a number where a text is wanted is told to be put in quotes`(
        field: String, value: JSONValue
    ) {
        let problem = house.problem { try house.addDrive([(field, value)]) }
        #expect(problem?.contains("'\(field)' must be") == true)
        #expect(problem?.contains("in quotes") == true)
    }
}
