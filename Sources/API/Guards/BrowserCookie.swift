import Encoding
import OAuth
import Web

/// The cookie that binds redirect flows to the browser that began them: one random id, which
/// flows that run side by side share, so that a second tab never breaks the first.
struct BrowserCookie {
    private let name: String
    private let isSecure: Bool

    init(_ settings: APISettings) {
        isSecure = settings.isHTTPS
        name = isSecure ? "__Host-grantkeeper-browser" : "grantkeeper-browser"
    }

    func value(in request: Request) -> String? {
        Cookies(request.headers)[name].flatMap { Self.isID($0) ? $0 : nil }
    }

    func set(_ value: String, maxAge: Int) -> String {
        SetCookie(name: name, value: value, maxAge: maxAge, isSecure: isSecure).fieldValue
    }

    static func newID() -> String { RandomToken.make() }

    /// Whether the text is 256 bits in base64url, as we make ids: a shorter one could be guessed.
    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 43 && text.utf8.allSatisfy(\.isBase64URL)
    }
}
