import Primitives
import TestSupport
import Testing

/// Patterns of what a connection keeps.
struct DatumPatternTests {
    @Test
    func `an integration with such a pattern is refused, and one that is stored lets nothing in`()
        throws
    {
        let house = try TestKeeper()
        let problem = house.problem {
            try house.addNews([("connectionData", ["a": ["pattern": "(?=a)b"]])])
        }
        #expect(problem?.contains("the 'pattern' of 'a'") == true)
        try house.addNews([("connectionData", ["a": ["pattern": "[b]"]])])
        try house.database().write {
            try $0.execute(
                """
                UPDATE integration
                SET definition = replace(definition, '[b]', '(?=b)b'), revision = revision + 1
                """, [:])
        }
        #expect(throws: InputError.self) {
            try house.connect(to: "news", with: ["apiKey": "k", "data": ["a": "b"]])
        }
        #expect(try house.keeper.integrations.find("news", for: .system).definition.slug == "news")
    }
}
