/// A comparison of the requested scopes with the granted ones (RFC 6749 §3.3, §5.1).
///
/// Providers write scopes in more than one way: with the resource before it
/// (`https://graph.microsoft.com/User.Read`) or without, and in other letters.
package struct ScopeComparison: Sendable {
    /// The scopes that a granted one implies: by its name, separated by spaces.
    package let implied: [(granted: String, scopes: String)]

    package init(implied: [(granted: String, scopes: String)] = []) {
        self.implied = implied
    }

    /// Returns the scopes of `asked` that are not among those granted. Both are separated by
    /// spaces.
    package func missing(of asked: String, granted: String) -> [String] {
        let granted = Self.names(granted)
        let known = implied.filter { granted.contains(Self.name($0.granted[...])) }
            .reduce(granted) { $0.union(Self.names($1.scopes)) }
        return asked.split(separator: " ").filter { scope in
            !Self.isNoAccess.contains(String(scope)) && !known.contains(Self.name(scope))
        }.map(String.init)
    }

    /// OpenID Connect Core §3.1.2.1 and §11: they ask for an ID token and a refresh token. Whether
    /// these came is seen directly; many providers do not name them among the granted scopes.
    private static let isNoAccess: Set<String> = ["openid", "offline_access"]

    private static func names(_ scope: String) -> Set<String> {
        Set(scope.split(separator: " ").map(name))
    }

    private static func name(_ scope: Substring) -> String {
        let name = scope.split(separator: "/").last ?? scope
        return name.lowercased()
    }
}
