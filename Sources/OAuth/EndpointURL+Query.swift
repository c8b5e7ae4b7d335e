import Encoding

extension EndpointURL {
    /// Returns the URL with each parameter of its query once, and without those that the request
    /// has itself (RFC 6749 §3.1 and §3.2: no parameter more than once). The remaining ones keep
    /// their bytes.
    ///
    /// Names are compared decoded: `client%5Fid` is `client_id` to any reader. `resource` alone
    /// may be there more than once (RFC 8707 §2).
    func leavingOut(_ taken: Set<String>) throws(OAuthError) -> EndpointURL {
        guard let query = url.query else { return self }
        var seen = taken
        var kept: [Substring] = []
        for piece in query.split(separator: "&") {
            guard let name = Form(encoded: piece)?.fields.first?.name else {
                throw .badEndpoint("its query is malformed")
            }
            let isFirst = seen.insert(name).inserted
            if isFirst || (name == "resource" && !taken.contains(name)) { kept.append(piece) }
        }
        guard kept.count < query.split(separator: "&").count else { return self }
        let base = text.prefix { $0 != "?" }
        return try EndpointURL(
            kept.isEmpty ? String(base) : "\(base)?\(kept.joined(separator: "&"))")
    }
}
