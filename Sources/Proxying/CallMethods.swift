import HTTPTypes

/// The methods for calls: all except those that are for proxies, or make a server repeat the
/// request and so the credential (SECURITY 33).
package enum CallMethods {
    /// The methods of RFC 9110 and RFC 5789, for lists and descriptions; others pass as well.
    package static let usual: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]

    /// The most characters of a method: longer than any registered one.
    private static let longest = 64

    /// Whether a call may be made with it. Compared in capital letters, as careless servers do.
    package static func allows(_ method: HTTPRequest.Method) -> Bool {
        method == .get || usual.contains(method)
            || method.rawValue.utf8.count <= longest
                && !["CONNECT", "TRACE", "TRACK"].contains(method.rawValue.uppercased())
    }

    /// Whether a second copy of such a request changes nothing more at the API: by RFC 9110 §9.2.2
    /// and the registry of methods. LOCK is not among them, nor any unregistered method.
    static func isIdempotent(_ method: HTTPRequest.Method) -> Bool {
        switch method {
        case .get, .head, .options, .put, .delete: true
        case .post, .patch: false
        default: extended.contains(method.rawValue)
        }
    }

    private static let extended: Set<String> = [
        // QUERY, and RFC 5323.
        "QUERY", "SEARCH",
        // WebDAV, RFC 4918.
        "COPY", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "UNLOCK",
        // Versions of it, RFC 3253.
        "BASELINE-CONTROL", "CHECKIN", "CHECKOUT", "LABEL", "MERGE", "MKACTIVITY", "MKWORKSPACE",
        "REPORT", "UNCHECKOUT", "UPDATE", "VERSION-CONTROL",
        // RFC 3648, 3744, 4437, 4791, 5842 and 2068.
        "ACL", "BIND", "LINK", "MKCALENDAR", "MKREDIRECTREF", "ORDERPATCH", "REBIND", "UNBIND",
        "UNLINK", "UPDATEREDIRECTREF",
    ]
}
