import Addressing
import Encoding
import Integrations
import Web

/// The address to which a browser goes after a flow: a path of the host, or a URL on a trusted
/// origin.
struct ReturnTo {
    /// Absolute, and safe to redirect to.
    let url: String

    /// - Throws: 400 `invalid_return_to` for anything that might lead elsewhere (SECURITY 10).
    init(_ text: String, settings: APISettings) throws {
        guard Self.isPlain(text) else { throw Self.refusal }
        if text.hasPrefix("/") {
            guard !text.hasPrefix("//") else { throw Self.refusal }
            url = settings.publicBaseURL.description + text
        } else {
            let withoutFragment = String(text.prefix { $0 != "#" })
            guard let parsed = AbsoluteURL(withoutFragment),
                settings.trusts(origin: parsed.origin.description)
            else { throw Self.refusal }
            url = text
        }
    }

    /// Returns the URL with the flow's result in its query. Parameters of the URL that have the
    /// result's names are removed: only we may report success. Its fragment stays in place.
    func adding(_ outcome: Form) -> String {
        let parts = url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let fragment = parts.count > 1 ? "#\(parts[1])" : ""
        let halves = parts[0].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let kept = halves.dropFirst().flatMap { $0.split(separator: "&") }.filter { field in
            let name = field.prefix { $0 != "=" }
            return !Self.outcomeNames.contains(PercentEncoding.decode(name) ?? String(name))
        }
        let query = kept.map(String.init) + [outcome.encoded]
        return "\(halves[0])?\(query.joined(separator: "&"))\(fragment)"
    }

    private static let outcomeNames: Set<String> = [
        "integration", "connected", "narrowed", "norefresh", "error",
    ]

    /// Whether the text is visible ASCII, without a backslash or control character when decoded.
    private static func isPlain(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 2048,
            text.utf8.allSatisfy(\.isASCIIVisible),
            let decoded = PercentEncoding.decode(text)
        else { return false }
        let path = decoded.prefix { $0 != "?" && $0 != "#" }
        // '/.//evil' and '/a/..//evil' become '//evil' in a browser.
        return !text.contains("\\") && !path.contains("\\")
            && !(text.hasPrefix("/") && path.contains("//"))
            && path.utf8.allSatisfy { !$0.isASCIIControl }
    }

    static let refusal = Problem(
        .badRequest, .invalidReturnTo,
        "'returnTo' must be a path of this host that begins with one '/', or a URL on one of the "
            + "'allowedOrigins' of the configuration.")
}
