import Addressing
import Encoding
import OAuth
import Primitives

/// Fields of an integration that are derived from a provider's metadata (RFC 8414, OpenID Connect
/// Discovery).
package struct MetadataFields {
    private let metadata: AuthorizationServerMetadata
    private let given: JSONValue

    /// - Parameter given: The fields that are set already: they decide where the metadata offers
    ///   several ways.
    /// - Throws: ``InputError/invalid(code:detail:)`` when the metadata offers no client
    ///   authentication that Grantkeeper knows, and none is given.
    package init(_ metadata: AuthorizationServerMetadata, for given: JSONValue) throws {
        self.metadata = metadata
        self.given = given
        let methods = metadata.tokenEndpointAuthMethods
        guard
            methods.isEmpty || !Self.knownMethods.isDisjoint(with: methods)
                || given["clientAuthentication"]?.stringValue != nil
        else { throw Self.unknown(methods) }
    }

    private static let knownMethods: Set<String> = [
        "client_secret_basic", "client_secret_post", "none", "private_key_jwt",
    ]

    private static func unknown(_ methods: [String]) -> InputError {
        let names = methods.filter { $0.utf8.allSatisfy(\.isASCIIVisible) }
            .map { String($0.prefix(64)) }
        return .invalid(
            code: .invalidIntegration,
            detail: "The issuer's metadata offers no client authentication that Grantkeeper knows, "
                + "only: \(names.abbreviated()). If the provider takes another one too, set "
                + "'clientAuthentication' (--set clientAuthentication=basic, for example).")
    }

    package var members: [JSONValue.Member] {
        let fields: [(String, JSONValue)] = [
            ("slug", .string(Self.slug(issuer: metadata.issuer))),
            ("name", .string(Self.slug(issuer: metadata.issuer))),
            ("authUri", .string(orNull: metadata.authorizationEndpoint)),
            ("tokenUri", .string(orNull: metadata.tokenEndpoint)),
            ("revocationUri", .string(orNull: metadata.revocationEndpoint)),
            ("revocation", revocation),
            ("apiBaseUri", .string(metadata.issuer)),
            ("issuerRequired", .bool(metadata.promisesIssuer)),
            ("clientAuthentication", .string(clientAuthentication.rawValue)),
            ("signingAlgorithm", .string(orNull: signingAlgorithm?.rawValue)),
            ("scope", .string(orNull: scope)),
        ]
        return fields.map { JSONValue.Member(name: $0.0, value: $0.1) }
    }

    /// Adds `prompt=consent`, which OpenID Connect Core §11 requires with `offline_access`. Only
    /// where the metadata made us ask for that scope, and neither the operator nor the catalogue
    /// says how to prompt.
    package func addingConsent(to members: [JSONValue.Member]) -> [JSONValue.Member] {
        let fields = JSONValue.object(members)
        guard given["scope"] == nil,
            scope?.split(separator: " ").contains("offline_access") == true,
            given.members?.contains(where: Self.isWithoutParameters) != true
        else { return members }
        let parameters = fields["authorizationParameters"]?.members ?? []
        guard !parameters.contains(where: { $0.name == "prompt" }), !isPromptGiven else {
            return members
        }
        let prompt = JSONValue.Member(name: "prompt", value: "consent")
        return FieldLayers.lay(
            [.init(name: "authorizationParameters", value: .object(parameters + [prompt]))],
            over: members)
    }

    /// Returns whether a member is `authorizationParameters: null`, which says that there are none.
    private static func isWithoutParameters(_ member: JSONValue.Member) -> Bool {
        member.name == "authorizationParameters" && member.value.members == nil
    }

    /// Whether the operator's own `authUri` says how to prompt.
    private var isPromptGiven: Bool {
        guard let url = given["authUri"]?.stringValue, let mark = url.firstIndex(of: "?") else {
            return false
        }
        return Form(encoded: url[url.index(after: mark)...])?["prompt"] != nil
    }

    /// Returns the default name of an integration: the issuer's host.
    package static func slug(issuer: String) -> String {
        AbsoluteURL(issuer)?.origin.host ?? issuer
    }

    /// The client authentication that fits the metadata. Metadata that names none means
    /// `client_secret_basic` (RFC 8414 §2).
    private var clientAuthentication: ClientAuthentication {
        let methods = metadata.tokenEndpointAuthMethods
        if given["privateKey"]?.stringValue != nil, methods.contains("private_key_jwt") {
            return .privateKeyJWT
        }
        if given["clientSecret"]?.stringValue == nil {
            if methods.contains("none") || methods.isEmpty { return .none }
        }
        let takesPostOnly =
            methods.contains("client_secret_post") && !methods.contains("client_secret_basic")
        return takesPostOnly ? .post : .basic
    }

    /// The client authentication that is given, else the one that fits the metadata.
    private var wanted: ClientAuthentication {
        given["clientAuthentication"]?.stringValue.flatMap(ClientAuthentication.init(rawValue:))
            ?? clientAuthentication
    }

    /// PS256 where the provider takes that and not RS256, which is the default of an RSA key.
    private var signingAlgorithm: SigningAlgorithm? {
        let taken = metadata.tokenEndpointSigningAlgorithms
        guard wanted == .privateKeyJWT, taken.contains("PS256"), !taken.contains("RS256"),
            let key = try? ClientSecrets(privateKey: given["privateKey"]?.stringValue).key(),
            (try? key.signingKey(nil))?.algorithm == .rs256
        else { return nil }
        return .ps256
    }

    /// The field `revocation`, where the revocation endpoint takes another client authentication
    /// than the token endpoint; metadata that names none means the same.
    private var revocation: JSONValue {
        let methods = metadata.revocationEndpointAuthMethods
        let takesOther: RevocationShape.Authentication? =
            switch wanted {
            case .post where !methods.contains("client_secret_post"):
                methods.contains("client_secret_basic") ? .basic : nil
            case .basic where !methods.contains("client_secret_basic"):
                methods.contains("client_secret_post") ? .post : nil
            default: nil
            }
        return takesOther.map { ["authentication": .string($0.rawValue)] } ?? .null
    }

    /// The scopes `openid` and `offline_access`, where the provider supports them (OpenID Connect
    /// Core §3.1.2.1 and §11).
    private var scope: String? {
        let wanted = ["openid", "offline_access"].filter(metadata.scopesSupported.contains)
        return wanted.isEmpty ? nil : wanted.joined(separator: " ")
    }
}
