import Encoding

/// The resolution of an answer's references: relative ones refer to the API, and not to the host
/// that passes them on.
extension AbsoluteURL {
    /// Returns the reference as an absolute URL, with this URL as its base (RFC 3986 §5.2).
    ///
    /// - Returns: `nil` for `https:path` and its like, which readers resolve differently.
    package func resolve(_ reference: String) -> String? {
        if let scheme = Self.scheme(ofReference: reference) {
            let isPlain =
                !["http", "https"].contains(scheme)
                || reference.dropFirst(scheme.utf8.count).hasPrefix("://")
            return isPlain ? reference : nil
        }
        if reference.hasPrefix("//") { return "\(origin.scheme):\(reference)" }
        let path = reference.prefix { $0 != "?" && $0 != "#" }
        let rest = reference[path.endIndex...]
        if path.isEmpty {
            let query = rest.hasPrefix("?") ? "" : self.query.map { "?\($0)" } ?? ""
            return "\(origin)\(self.path)\(query)\(rest)"
        }
        let merged = path.hasPrefix("/") ? String(path) : directory + path
        return "\(origin)\(Self.removingDotSegments(merged))\(rest)"
    }

    /// The path up to its last slash.
    private var directory: String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
    }

    /// Returns the scheme in lower case (RFC 3986 §3.1).
    private static func scheme(ofReference text: String) -> String? {
        let scheme = text.prefix { $0 != ":" }
        guard scheme.endIndex < text.endIndex, scheme.utf8.first?.isASCIILetter == true,
            scheme.utf8.allSatisfy({ $0.isASCIILetterOrDigit || "+-.".utf8.contains($0) })
        else { return nil }
        return scheme.lowercased()
    }

    /// Removes `.` and `..` (RFC 3986 §5.2.4).
    private static func removingDotSegments(_ path: String) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var kept: [Substring] = []
        for segment in segments {
            switch segment {
            case ".": break
            case "..": _ = kept.popLast()
            default: kept.append(segment)
            }
        }
        if segments.last == "." || segments.last == ".." { kept.append("") }
        return "/" + kept.joined(separator: "/")
    }
}
