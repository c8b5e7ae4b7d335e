import Addressing
import Encoding

/// A parameter of a URL's query, found in any encoding of its name.
package struct QueryParameter {
    private let name: String

    package init(_ name: String) {
        self.name = name
    }

    package func isIn(_ url: AbsoluteURL) -> Bool {
        url.query.map { $0.split(separator: "&").contains(where: isThis) } ?? false
    }

    /// Returns the URL without the parameter; the other parameters stay as they are.
    ///
    /// - Parameter url: A URL of any scheme.
    package func removed(from url: String) -> String {
        guard let query = query(of: url), query.split(separator: "&").contains(where: isThis)
        else { return url }
        let kept = query.split(separator: "&").filter { !isThis($0) }.joined(separator: "&")
        let beginning = url[..<url.index(before: query.startIndex)]
        return beginning + (kept.isEmpty ? "" : "?\(kept)") + url[query.endIndex...]
    }

    private func query(of url: String) -> Substring? {
        guard let mark = url.firstIndex(where: { $0 == "?" || $0 == "#" }), url[mark] == "?" else {
            return nil
        }
        return url[url.index(after: mark)...].prefix { $0 != "#" }
    }

    private func isThis(_ pair: Substring) -> Bool {
        let written = pair.prefix { $0 != "=" }
        return written == name
            || PercentEncoding.decode(written.replacing("+", with: " ")) == name
    }
}
