import HTTPTypes
import Headers
import Integrations

extension PreparedCall {
    /// Follows a redirect: with the credential and the integration's fields only below its own
    /// bases, elsewhere only with fields that say nothing about the caller (SECURITY 49).
    mutating func follow(_ redirect: Redirect) {
        redirects += 1
        lastRedirect = redirect
        method = redirect.method
        hasLostBody = redirect.dropsBody
        if redirect.dropsBody { removeFields(where: Self.describesBody) }
        if let below = try? ProxyTarget(redirect.url, at: address) {
            target = below
        } else {
            target = ProxyTarget(own: redirect.url)
            isTrusted = false
            let definition = integration.definition
            removeFields { !Self.goesAnywhere($0) || definition.sets($0) }
        }
    }

    /// The URL that answered, when it differs from the one that the caller asked for; without its
    /// query, which may be a signature, when it is outside the bases.
    var redirectedTo: String? {
        guard redirects > 0 else { return nil }
        let url = target.url.description
        guard url.utf8.count <= Self.longestURL else { return nil }
        return isTrusted ? url : "\(target.url.origin)\(target.url.path)"
    }

    private static let longestURL = 2048

    private mutating func removeFields(where isUnwanted: (HeaderField) -> Bool) {
        headers = HeaderFields(headers.filter { !isUnwanted($0) })
    }

    private static func describesBody(_ field: HeaderField) -> Bool { bodyFields.contains(field) }

    private static let bodyFields = FieldNameSet(
        names: ["digest", "repr-digest", "unencoded-digest"], beginnings: ["content-"])

    /// Whether a field may go to any host that a redirect names; a field that locks a resource may
    /// not.
    private static func goesAnywhere(_ field: HeaderField) -> Bool {
        field.isNamed(.cdnLoop)
            || UsualFields.contains(field) && !field.isNamed(lockToken)
                && !SecondResource.names.contains(field)
    }

    private static let lockToken = HTTPField.Name.known("Lock-Token")
}

extension IntegrationDefinition {
    fileprivate func sets(_ field: HeaderField) -> Bool {
        headers.contains { HTTPField.Name($0.name).map(field.isNamed) == true }
    }
}
