import Addressing
import Encoding
import Integrations

/// The address under which callers reach an integration's API here. WebDAV's clients write it into
/// fields that name a second resource.
package struct RelayAddress {
    private let origin: Origin
    private let names: [String]

    /// - Parameter publicBaseURL: The origin of the host.
    init(publicBaseURL: Origin, _ integration: Integration) {
        origin = publicBaseURL
        names = [integration.slug, integration.id]
    }

    /// Returns the path, with or without a query, of a URL or path under this address; `nil` for
    /// any other.
    func rest(of text: String) -> String? {
        if text.hasPrefix("/") { return rest(ofPath: text[...]) }
        guard let url = AbsoluteURL(text), url.origin == origin else { return nil }
        return rest(ofPath: url.target[...])
    }

    private func rest(ofPath path: Substring) -> String? {
        let beginning = "/api/integrations/"
        guard path.hasPrefix(beginning) else { return nil }
        let named = path.dropFirst(beginning.count)
        let name = named.prefix { $0 != "/" }
        guard let decoded = PercentEncoding.decode(name), names.contains(decoded) else {
            return nil
        }
        let request = "/request"
        let behind = named[name.endIndex...]
        guard behind.hasPrefix(request) else { return nil }
        let rest = behind.dropFirst(request.count)
        return rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix("?") ? String(rest) : nil
    }
}
