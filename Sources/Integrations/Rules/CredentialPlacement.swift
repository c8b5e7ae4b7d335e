import Encoding
import HTTPTypes

/// The place of a credential in a proxied call.
package enum CredentialPlacement: Equatable, Sendable {
    /// A header field; the prefix stands before the credential, its space included.
    case header(name: String, prefix: String)
    /// A query parameter.
    case query(name: String)
    /// HTTP basic authentication (RFC 7617); `{credential}` may stand in either part.
    case basic(username: String, password: String)
}

extension CredentialPlacement {
    package enum Place: String, CaseIterable {
        case header
        case query
        case basic
    }

    static func read(_ reader: inout DefinitionReader) -> CredentialPlacement? {
        switch reader.choice("in", Place.self) ?? .header {
        case .header:
            return .header(name: reader.requiredText("name"), prefix: reader.text("prefix") ?? "")
        case .query:
            return .query(name: reader.requiredText("name"))
        case .basic:
            let username = reader.text("username") ?? "{credential}"
            let password = reader.text("password") ?? ""
            // RFC 7617 §2: the first colon ends the user's name.
            reader.require(!username.contains(":"), "'username' must not contain a colon")
            reader.require(
                (username + password).contains("{credential}"),
                "'username' or 'password' must hold '{credential}'")
            return .basic(username: username, password: password)
        }
    }

    var json: JSONValue {
        switch self {
        case .header(let name, let prefix):
            ["in": "header", "name": .string(name), "prefix": .string(prefix)]
        case .query(let name):
            ["in": "query", "name": .string(name)]
        case .basic(let username, let password):
            ["in": "basic", "username": .string(username), "password": .string(password)]
        }
    }
}

extension IntegrationDefinition {
    /// The header field that carries the credential; `nil` when it is carried elsewhere.
    package var credentialField: HTTPField.Name? {
        switch credentialPlacement {
        case .header(let name, _): return HTTPField.Name(name)
        case .query: return nil
        case nil where authType == .apiKey: return HTTPField.Name("X-API-Key")
        case .basic, nil: return .authorization
        }
    }
}
