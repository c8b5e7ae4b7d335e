import Encoding
import HTTPTypes
import OAuth

/// The field `revocation` of an integration. Members that are absent are as in RFC 7009.
extension RevocationShape {
    package enum Place: String, CaseIterable {
        case form
        case json
        case query
        case header
        case url
    }

    package static func read(_ reader: inout DefinitionReader) -> RevocationShape {
        var shape = RevocationShape()
        shape.method = reader.choice("method", Method.self) ?? shape.method
        if let tokens = reader.texts("tokens") {
            shape.tokens = tokens.compactMap(TokenTypeHint.init(rawValue:))
            reader.require(
                shape.tokens.count == tokens.count && Set(tokens).count == tokens.count,
                "'tokens' lists 'refresh_token' and 'access_token', in the order to revoke them in")
        }
        shape.place = place(&reader)
        let isStandard = shape.place == .form(name: "token") && shape.method == .post
        shape.sendsHint = reader.flag("hint") ?? isStandard
        shape.authentication =
            reader.choice("authentication", Authentication.self)
            ?? (shape.place.isProof ? .none : .client)
        shape.headers = (reader.parameters("headers") ?? []).map { ($0.name, $0.value) }
        shape.parameters = (reader.parameters("parameters") ?? []).map { ($0.name, $0.value) }
        shape.validate(&reader)
        return shape
    }

    private static func place(_ reader: inout DefinitionReader) -> TokenPlace {
        let place = reader.choice("in", Place.self) ?? .form
        let name = reader.text("name")
        let prefix = reader.text("prefix")
        switch place {
        case .form: return .form(name: name ?? "token")
        case .json: return .json(name: name ?? "token")
        case .query: return .query(name: name ?? "token")
        case .url: return .url
        case .header:
            let name = name ?? "Authorization"
            let usual = name.lowercased() == "authorization" ? "Bearer " : ""
            return .header(name: name, prefix: prefix ?? usual)
        }
    }

    private func validate(_ reader: inout DefinitionReader) {
        for (name, value) in headers {
            reader.require(
                HTTPField.Name(name) != nil && HTTPField.isValidValue(value),
                "the header '\(name)' is not well-formed")
        }
        if case .header(let name, let prefix) = place {
            reader.require(
                HTTPField.Name(name) != nil && HTTPField.isValidValue(prefix + "token"),
                "'name' is a header that cannot carry a token")
        }
    }

    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("method", .string(method.rawValue)),
            ("tokens", .array(tokens.map { .string($0.rawValue) })),
        ]
        switch place {
        case .form(let name): members += [("in", "form"), ("name", .string(name))]
        case .json(let name): members += [("in", "json"), ("name", .string(name))]
        case .query(let name): members += [("in", "query"), ("name", .string(name))]
        case .header(let name, let prefix):
            members += [
                ("in", "header"), ("name", .string(name)), ("prefix", .string(prefix)),
            ]
        case .url: members.append(("in", "url"))
        }
        return .object(
            members + [
                ("hint", .bool(sendsHint)), ("authentication", .string(authentication.rawValue)),
                ("headers", .object(headers.map { ($0.name, .string($0.value)) })),
                ("parameters", .object(parameters.map { ($0.name, .string($0.value)) })),
            ])
    }
}
