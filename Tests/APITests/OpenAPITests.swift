import Connections
import Encoding
import HTTPTypes
import Primitives
import TestSupport
import Testing

struct OpenAPITests {
    private let front: Front
    private let document: JSONValue

    init() throws {
        front = try Front()
        document = try front.ask(.get, "/grantkeeper/openapi.json").json
    }

    @Test func `every operation says what it is, its parameters and its answers`() throws {
        for path in document["paths"]?.members ?? [] {
            let shared = path.value["parameters"]?.elements ?? []
            for operation in path.value.members ?? []
            where RouteTables.methods.contains(operation.name) {
                let name = "\(operation.name) \(path.name)"
                #expect(operation.value["operationId"]?.stringValue?.isEmpty == false, "\(name)")
                #expect(operation.value["summary"]?.stringValue?.isEmpty == false, "\(name)")
                #expect(operation.value["responses"]?.members?.isEmpty == false, "\(name)")
                let own = operation.value["parameters"]?.elements ?? []
                let inPath = try (shared + own).map(resolved).filter { $0["in"] == "path" }
                #expect(
                    Set(inPath.compactMap { $0["name"]?.stringValue }) == Self.names(in: path.name),
                    "\(name)")
            }
        }
    }

    @Test func `a call that takes an identity says what without one is a 401`() throws {
        for path in document["paths"]?.members ?? [] {
            for operation in path.value.members ?? []
            where RouteTables.methods.contains(operation.name) {
                let isOpen = operation.value["security"]?.elements?.isEmpty == true
                #expect(
                    (operation.value["responses"]?["401"] != nil) == !isOpen,
                    "\(operation.name) \(path.name)")
            }
        }
    }

    @Test func `answers have the fields that the document gives them`() throws {
        try front.house.addDrive()
        let alice = try front.session()
        try front.house.connect()
        let expected: [(String, String)] = [
            ("/api/integrations/drive/connection", "Connection"),
            ("/grantkeeper/integrations/drive", "Integration"), ("/grantkeeper/session", "Session"),
            ("/api/integrations/nowhere/connection", "Problem"),
        ]
        for (path, schema) in expected {
            let fields = try front.ask(.get, path, alice).json.members?.map(\.name) ?? []
            #expect(Set(fields) == Set(try required(schema)), "\(path)")
        }
        let key = try front.key(isSuperuser: true)
        let made = try front.ask(.post, "/grantkeeper/sessions", key, json: #"{"userId": "bob"}"#)
        #expect(Set(made.json.members?.map(\.name) ?? []) == Set(try required("NewSession")))
    }

    @Test func `an integration takes the fields that the document gives it`() throws {
        let schema = try #require(document["components"]?["schemas"]?["IntegrationDefinition"])
        let described = Set(schema["properties"]?.members?.map(\.name) ?? [])
        let definition = try front.house.addDrive().definition.json.members ?? []
        let taken = Set(definition.map(\.name)).subtracting(["asks"])
        #expect(described == taken.union(["clientSecret", "privateKey", "data"]))
    }

    /// What the reader refuses everywhere but knows: a list of a list.
    private static let wrong: JSONValue = [[[]]]

    /// An object with every field that a schema has, none of them with a value that is taken.
    private static func probe(_ schema: JSONValue) -> JSONValue {
        if let properties = schema["properties"]?.members {
            return .object(properties.map { ($0.name, probe($0.value)) })
        }
        if let each = schema["additionalProperties"], each["properties"] != nil {
            return ["x": probe(each)]
        }
        if let each = schema["items"], each["properties"] != nil { return [probe(each)] }
        return wrong
    }

    /// The fields of a value that its schema does not have, in whatever depth.
    private static func unknown(in value: JSONValue, _ schema: JSONValue, _ path: String)
        -> [String]
    {
        if let elements = value.elements {
            return elements.flatMap { unknown(in: $0, schema["items"] ?? .null, path + "[]") }
        }
        return (value.members ?? []).flatMap { member -> [String] in
            let path = "\(path).\(member.name)"
            let each = schema["additionalProperties"]
            let found = schema["properties"]?[member.name] ?? (each == false ? nil : each)
            return found.map { unknown(in: member.value, $0, path) } ?? [path]
        }
    }

    /// The fields of an integration that are said to be unknown.
    private func refused(
        _ json: JSONValue, _ changes: [String: JSONValue]
    ) throws -> Set<Substring> {
        let members = (json.members ?? []).map { ($0.name, changes[$0.name] ?? $0.value) }
        let error = #expect(throws: InputError.self) {
            try front.house.keeper.integrations.add(.object(members))
        }
        guard case .invalid(_, let detail)? = error else { return ["it was accepted"] }
        return Set(detail.split(separator: "; ").filter { $0.contains("is not a field") })
    }

    @Test func `the parts of an integration's fields are those that the document gives them`()
        throws
    {
        let schema = try #require(document["components"]?["schemas"]?["IntegrationDefinition"])
        // Where the credential goes decides which fields say how.
        let basic: JSONValue = ["in": "basic", "username": Self.wrong, "password": Self.wrong]
        let header = try refused(Self.probe(schema), [:])
        #expect(
            header.intersection(try refused(Self.probe(schema), ["credentialPlacement": basic]))
                == [])
        let variants: [[(String, JSONValue)]] = [
            [
                ("revocation", ["in": "header"]), ("credentialPlacement", ["name": "X-Key"]),
                ("tokenResponse", ["failure": ["member": "ok", "is": false]]),
                ("refresh", ["dead": [["status": 400, "member": "a", "is": 1]]]),
                ("lookup", ["uri": "https://a.test"]), ("callbackSignature", ["parameter": "h"]),
                ("rateLimit", [:]), ("connectionData", ["x": [:]]),
            ],
            [("revocation", [:]), ("credentialPlacement", ["in": "basic"])],
        ]
        for (number, changes) in variants.enumerated() {
            let slug = JSONValue.string("n\(number)")
            let json = try front.house.addDrive(changes + [("slug", slug)]).definition.json
            #expect(Self.unknown(in: json, schema, "") == [])
        }
    }

    @Test func `a call takes the fields that the document gives it`() throws {
        let schema = try #require(document["components"]?["schemas"]?["Call"])
        let described = try #require(schema["properties"]?.members).map(\.name)
        let answer = try front.ask(
            .post, "/api/integrations/x/request", front.session(), json: #"{"unheardOf": 1}"#)
        let detail = try #require(answer.json["detail"]?.stringValue)
        #expect(detail.hasSuffix(": there are \(described.joined(separator: ", "))."))
    }

    private func required(_ schema: String) throws -> [String] {
        let schema = try #require(document["components"]?["schemas"]?[schema])
        return try #require(schema["required"]?.elements).compactMap(\.stringValue)
    }

    /// What a `$ref` stands for.
    private func resolved(_ value: JSONValue) throws -> JSONValue {
        guard let reference = value["$ref"]?.stringValue else { return value }
        return try reference.split(separator: "/").dropFirst().reduce(document) { document, name in
            try #require(document[String(name)], "\(reference) leads nowhere")
        }
    }

    private static func names(in path: String) -> Set<String> {
        Set(path.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) })
    }
}
