import Encoding

/// A URL of an entry, to which a request must go.
struct EntryAddress {
    /// The host, with a port if the URL has one, in lower case.
    let host: String
    /// The path as written, `/` when there is none.
    let path: String
    let query: Form

    /// - Returns: `nil` when the text is not an `https` URL.
    init?(_ text: String) {
        guard text.lowercased().hasPrefix("https://") else { return nil }
        let rest = text.dropFirst("https://".count)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        let parts = rest[host.endIndex...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard !host.isEmpty, let query = Form(encoded: parts.count > 1 ? parts[1] : "") else {
            return nil
        }
        self.host = host.lowercased()
        path = parts[0].isEmpty ? "/" : String(parts[0])
        self.query = query
    }

    func isMet(by request: DisguisedRequest) -> Bool {
        request.host == host && request.path == path
    }

    /// Returns whether the request is under this address, by whole segments of the path.
    func holds(_ request: DisguisedRequest) -> Bool {
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        return request.host == host
            && (request.path == base || request.path.hasPrefix(base + "/"))
    }

    /// Returns the text in place of `{token}` in the path of a request to this address.
    func token(in request: DisguisedRequest) -> String? {
        guard request.host == host, let mark = path.range(of: "{token}") else { return nil }
        let (before, after) = (path[..<mark.lowerBound], path[mark.upperBound...])
        guard request.path.hasPrefix(before), request.path.hasSuffix(after),
            request.path.count > before.count + after.count
        else { return nil }
        return PercentEncoding.decode(
            request.path.dropFirst(before.count).dropLast(after.count))
    }
}

extension String {
    /// Returns the range of the first occurrence of a text.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        ranges(of: text).first
    }
}
