import Addressing
import HTTPClient
import Integrations

/// The links of an upstream's `Link` fields that go back to the caller: APIs page by them (`next`,
/// `last`). Those on which browsers act in the host's name are left out.
package enum ReturnedLinks {
    /// The relations that make a browser fetch, connect, or apply something: HTML's link types that
    /// are allowed in a header field, and others that browsers had or have.
    private static let acting: Set<String> = [
        "apple-touch-icon", "apple-touch-icon-precomposed", "compression-dictionary", "dictionary",
        "dns-prefetch", "expect", "fluid-icon", "icon", "import", "manifest", "mask-icon",
        "modulepreload", "payment-method-manifest", "preconnect", "prefetch",
        "preload", "prerender", "serviceworker", "shortcut", "stylesheet", "subresource",
    ]

    /// Returns a field's links that may be passed on.
    ///
    /// - Parameters:
    ///   - base: The URL that was called: relative targets mean the API.
    ///   - credential: The secret that must not come back.
    ///   - limit: In bytes: many short references to a long base would grow without limit.
    /// - Returns: The field's value; `nil` when nothing is left of it.
    /// - Throws: ``HTTPClientError/headerTooLarge``.
    static func make(
        from field: String, base: AbsoluteURL, hiding credential: QueryCredential?,
        upTo limit: Int
    ) throws(HTTPClientError) -> String? {
        var text = ""
        for link in LinkReader(field) {
            let relations = link.relations
            guard !relations.isEmpty, !relations.contains(where: acting.contains),
                let link = absolute(link, base, credential)
            else { continue }
            text += text.isEmpty ? link.text : ", " + link.text
            guard text.utf8.count <= limit else { throw .headerTooLarge }
        }
        return text.isEmpty ? nil : text
    }

    private static func absolute(
        _ link: Link, _ base: AbsoluteURL, _ credential: QueryCredential?
    ) -> Link? {
        guard let target = base.resolve(link.target) else { return nil }
        var link = link
        link.target = credential?.removed(from: target) ?? target
        for (index, parameter) in link.parameters.enumerated() where parameter.name == "anchor" {
            let anchor = base.resolve(parameter.value ?? "")
            link.parameters[index].value = anchor.map { credential?.removed(from: $0) ?? $0 }
        }
        return link
    }
}
