import API
import Connections
import Encoding
import Foundation
import Integrations
import OAuth
import Proxying
import Testing

/// The words that the description of the API lists, held against those that the code has.
struct OpenAPIEnumTests {
    private let document: JSONValue

    init() throws {
        document = try Front().ask(.get, "/grantkeeper/openapi.json").json
    }

    private static func words<T: CaseIterable & RawRepresentable<String>>(_ type: T.Type)
        -> [String]
    {
        type.allCases.map(\.rawValue)
    }

    /// By the place in the document, without the words of JSON Schema in it.
    private static let known: [String: [String]] = {
        let integration = "IntegrationDefinition"
        return [
            "Connection.status": words(Connection.Standing.self),
            "Connection.statusReason": words(Connection.StatusReason.self),
            "ConnectFailure": words(ConnectFailure.self),
            "headers.Revocation.schema": words(RevocationOutlook.self),
            "Session.authenticatedBy": words(IdentityKind.self),
            "Integration.mode": words(IntegrationDefinition.Mode.self),
            "Integration.authType": words(IntegrationDefinition.AuthType.self),
            "\(integration).mode": words(IntegrationDefinition.Mode.self),
            "\(integration).authType": words(IntegrationDefinition.AuthType.self),
            "\(integration).revocation.method": words(RevocationShape.Method.self),
            "\(integration).revocation.tokens": words(TokenTypeHint.self),
            "\(integration).revocation.in": words(RevocationShape.Place.self),
            "\(integration).revocation.authentication": words(RevocationShape.Authentication.self),
            "\(integration).clientAuthentication": words(ClientAuthentication.self),
            "\(integration).grant": words(GrantType.self),
            "\(integration).signingAlgorithm": words(SigningAlgorithm.self),
            "\(integration).assertion.scope": words(AssertionRules.ScopePlace.self),
            "\(integration).scopeSeparator": words(IntegrationDefinition.ScopeSeparator.self),
            "\(integration).tokenFormat": words(TokenRequestFormat.self),
            "\(integration).refresh.with": words(TokenTypeHint.self),
            "\(integration).refresh.rotation": words(RefreshRules.Rotation.self),
            "\(integration).lookup.method": words(Lookup.Method.self),
            "\(integration).redirect": words(IntegrationDefinition.Redirect.self),
            "\(integration).credentialPlacement.in": words(CredentialPlacement.Place.self),
            "\(integration).connectionData.from": words(ConnectionDatum.Source.self),
            "\(integration).rateLimit.resetFormat": words(RateLimitFields.ResetFormat.self),
        ]
    }()

    private static let wordsOfSchemas: Set<String> = [
        "properties", "items", "additionalProperties", "allOf", "anyOf", "components", "schemas",
    ]

    /// Both values of a query's flags.
    private static let flags: [JSONValue] = [["true", "false"], ["0", "1"]]

    /// Every list of words, but those of flags of a query.
    private static func lists(in value: JSONValue, _ path: [String]) -> [(String, JSONValue)] {
        if let elements = value.elements { return elements.flatMap { lists(in: $0, path) } }
        return (value.members ?? []).flatMap { member -> [(String, JSONValue)] in
            if member.name == "enum", let words = member.value.elements {
                return words.count == 1 || flags.contains(member.value)
                    ? [] : [(path.joined(separator: "."), member.value)]
            }
            return lists(
                in: member.value,
                wordsOfSchemas.contains(member.name) ? path : path + [member.name])
        }
    }

    @Test func `every list of words in the document is the code's, whole and without another`()
        throws
    {
        let described = Self.lists(in: document, [])
        #expect(Set(described.map(\.0)) == Set(Self.known.keys))
        for (place, list) in described {
            let words = (list.elements ?? []).compactMap(\.stringValue)
            #expect(words.sorted() == (Self.known[place] ?? []).sorted(), "\(place)")
        }
    }

    /// The texts of the constants, as the source has them: a constant that no list has would not be
    /// missed by any other test.
    private static func codes() throws -> (answered: [String], commands: [String]) {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Problems/ProblemCode.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        let parts = source.split(separator: "// Commands only")
        try #require(parts.count == 2)
        let texts = parts.map { part in
            part.matches(of: /= ProblemCode\("([a-z_]+)"\)/).map { String($0.1) }
        }
        return (texts[0], texts[1])
    }

    @Test func `the document lists every code that an answer may have`() throws {
        let schema = document["components"]?["schemas"]?["Problem"]?["properties"]?["code"]
        let listed = (schema?["x-extensible-enum"]?.elements ?? []).compactMap(\.stringValue)
        let codes = try Self.codes()
        #expect(listed.sorted() == codes.answered.sorted())
        #expect(Set(listed).count == listed.count)
        #expect(Set(listed).isDisjoint(with: codes.commands))
    }
}
