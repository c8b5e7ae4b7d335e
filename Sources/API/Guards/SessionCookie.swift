import Web

/// The cookie that carries the session's id. Its `__Host-` name makes browsers refuse one that
/// another host or a plain connection set; on plain http, for local trials, it has to go without.
struct SessionCookie {
    let name: String
    private let isSecure: Bool

    init(_ settings: APISettings) {
        isSecure = settings.isHTTPS
        name = isSecure ? "__Host-grantkeeper" : "grantkeeper"
    }

    func value(in request: Request) -> String? {
        Cookies(request.headers)[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter maxAge: Seconds until the browser drops it.
    func set(_ value: String, maxAge: Int) -> String {
        SetCookie(name: name, value: value, maxAge: maxAge, isSecure: isSecure).fieldValue
    }

    var removal: String { self.set("", maxAge: 0) }
}
