/// What of an upstream's `Link` fields goes back to the caller: APIs page by them (`next`, `last`),
/// and browsers act on some of them in the host's name, which are left out.
enum ReturnedLinks {
    /// The relations that have a browser fetch, connect, or apply something: HTML's link types that
    /// are allowed in a header field, and what browsers had or have beside them.
    private static let acting: Set<String> = [
        "apple-touch-icon", "apple-touch-icon-precomposed", "compression-dictionary", "dictionary",
        "dns-prefetch", "expect", "fluid-icon", "icon", "import", "manifest", "mask-icon",
        "modulepreload", "payment-method-manifest", "preconnect", "prefetch",
        "preload", "prerender", "serviceworker", "shortcut", "stylesheet", "subresource",
    ]

    /// - Parameter base: What was called: relative targets mean the API.
    /// - Returns: The field's value; `nil` when nothing is left of it.
    static func make(from field: String, base: AbsoluteURL) -> String? {
        let links = LinkReader(field).compactMap { link in
            let relations = link.relations
            return relations.isEmpty || relations.contains(where: acting.contains)
                ? nil : absolute(link, base)
        }
        return links.isEmpty ? nil : links.map(\.text).joined(separator: ", ")
    }

    private static func absolute(_ link: Link, _ base: AbsoluteURL) -> Link? {
        guard let target = base.resolve(link.target) else { return nil }
        var link = link
        link.target = target
        for (index, parameter) in link.parameters.enumerated() where parameter.name == "anchor" {
            link.parameters[index].value = base.resolve(parameter.value ?? "")
        }
        return link
    }
}
