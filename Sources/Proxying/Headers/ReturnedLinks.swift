import Addressing
import HTTPClient
import Integrations

/// What of an upstream's `Link` fields goes back to the caller: APIs page by them (`next`, `last`),
/// and browsers act on some of them in the host's name, which are left out.
package enum ReturnedLinks {
    /// The relations that have a browser fetch, connect, or apply something: HTML's link types that
    /// are allowed in a header field, and what browsers had or have beside them.
    private static let acting: Set<String> = [
        "apple-touch-icon", "apple-touch-icon-precomposed", "compression-dictionary", "dictionary",
        "dns-prefetch", "expect", "fluid-icon", "icon", "import", "manifest", "mask-icon",
        "modulepreload", "payment-method-manifest", "preconnect", "prefetch",
        "preload", "prerender", "serviceworker", "shortcut", "stylesheet", "subresource",
    ]

    /// - Parameters:
    ///   - base: What was called: relative targets mean the API.
    ///   - credential: What must not come back.
    ///   - limit: In bytes: many short references to a long base would grow without measure.
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
