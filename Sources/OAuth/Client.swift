import Encoding

/// Who we are at a provider: the client of RFC 6749 §2.
package struct Client: Sendable {
    package let id: String
    /// `nil` for a public client.
    package let secret: String?
    package let authentication: ClientAuthentication

    package init(id: String, secret: String?, authentication: ClientAuthentication) {
        self.id = id
        self.secret = secret
        self.authentication = authentication
    }
}

/// How a client proves itself at an endpoint. The names in metadata are in brackets.
package enum ClientAuthentication: String, Sendable, CaseIterable {
    /// The Authorization field, as RFC 6749 §2.3.1 has it (`client_secret_basic`).
    case basic
    /// The same without the form-encoding, as some providers read it.
    case basicUnencoded = "basic_unencoded"
    /// In the body (`client_secret_post`).
    case post
    /// Not at all: only the id is sent (`none`).
    case none
}

extension Client {
    /// The value of the Authorization field, where the client proves itself by one.
    ///
    /// RFC 6749 §2.3.1: id and secret are form-encoded first, so that a colon in the id or a byte
    /// outside ASCII can't be misread.
    var authorization: String? {
        let pair: String
        switch authentication {
        case .basic: pair = PercentEncoding.encode(id) + ":" + PercentEncoding.encode(secret ?? "")
        case .basicUnencoded: pair = "\(id):\(secret ?? "")"
        case .post, .none: return nil
        }
        return "Basic \(Base64.encode(pair.utf8))"
    }

    /// What the client adds to the body. RFC 6749 §2.3: never two methods in one request.
    var bodyFields: [(String, String)] {
        switch authentication {
        case .basic, .basicUnencoded: []
        case .post: [("client_id", id)] + (secret.map { [("client_secret", $0)] } ?? [])
        case .none: [("client_id", id)]
        }
    }
}

extension Client: CustomStringConvertible, CustomReflectable {
    /// Never the secret: descriptions end in logs (SECURITY.md 26).
    package var description: String { "Client(\(id), \(authentication))" }

    package var customMirror: Mirror {
        Mirror(self, children: ["id": id, "authentication": authentication])
    }
}
