import Encoding
import Foundation
import HTTPTypes
import Headers
import Integrations

extension IntegrationDefinition {
    /// Puts the credential where the API wants it.
    package func authenticate(
        _ target: inout ProxyTarget, _ headers: inout HeaderFields, with credential: Credential
    ) {
        let (secret, usual) = Self.secret(of: credential)
        switch credentialPlacement ?? usual {
        case .header(let name, let prefix):
            if let name = HTTPField.Name(name) { headers[name] = prefix + secret }
        case .query(let name):
            var parameters = Form()
            parameters.append(name, secret)
            target.append(parameters)
        case .basic(let username, let password):
            let pair = Self.pair(
                username: username.replacing("{credential}", with: secret),
                password: password.replacing("{credential}", with: secret))
            headers[.authorization] = "Basic " + pair
        }
    }

    /// Returns the text to send, and its place unless the integration names another.
    package static func secret(
        of credential: Credential
    ) -> (secret: String, usual: CredentialPlacement) {
        let bearer = CredentialPlacement.header(name: "Authorization", prefix: "Bearer ")
        switch credential {
        case .oauth(let tokens): return (tokens.accessToken, bearer)
        case .bearer(let token): return (token, bearer)
        case .apiKey(let key): return (key, .header(name: "X-API-Key", prefix: ""))
        case .basic(let username, let password):
            let pair = pair(username: username, password: password)
            return (pair, .header(name: "Authorization", prefix: "Basic "))
        }
    }

    /// RFC 7617 §2.
    private static func pair(username: String, password: String) -> String {
        Data("\(username):\(password)".utf8).base64EncodedString()
    }
}
