import Encoding
import Testing
import grantkeeper

@Suite struct IntegrationFieldsTests {
    private static func secret(_ text: String) -> IntegrationFields {
        var fields = IntegrationFields()
        fields.set("clientSecret", .string(text))
        return fields
    }

    @Test func `the client secret is given in one place, and a complaint does not tell it`() throws
    {
        var fields = IntegrationFields(["slug": "drive"])
        try fields.add(secrets: Self.secret("s3cret"))
        #expect(fields.json["clientSecret"] == .string("s3cret"))
        let error = #expect(throws: CommandFailure.self) {
            try fields.add(secrets: Self.secret("another"))
        }
        #expect(error.map { "\($0)" }?.contains("s3cret") == false)
        #expect(error.map { "\($0)" }?.contains("another") == false)
    }

    @Test func `an option counts for more than the file, and data is added value by value`() throws
    {
        var fields = IntegrationFields([
            "scope": "a", "data": ["host": "one.test", "tenant": "t"],
        ])
        fields.set("scope", "b")
        fields.add(data: [("host", "two.test")])
        #expect(fields.json["scope"] == "b")
        #expect(fields.json["data"] == ["tenant": "t", "host": "two.test"])
    }

    @Test func `an unknown type is refused, unless the rest says what is meant`() throws {
        #expect(throws: CommandFailure.self) {
            try IntegrationFields(["type": "slakc"]).nameProvider(in: .empty)
        }
        let custom = IntegrationFields(["type": "ours", "apiBaseUri": "https://a.test"])
        #expect(try custom.nameProvider(in: .empty) == nil)
    }
}
