import Addressing
import Encoding

/// A URL in which `{name}` stands for a value that is known later:
/// `https://{shop}.example.com/admin`, `https://api.example.com/{tenant}`, `{instanceUrl}/v1`.
///
/// A placeholder may stand in the host, in the path or the query, or for the URL's beginning. A
/// value in the host adds no other part to the URL, one in the path no more than one segment, and
/// one in the query no more than one value.
package struct URLTemplate: Sendable {
    private let template: Template
    private let mayHaveQuery: Bool

    /// - Returns: `nil` when no values could make a URL of it.
    package init?(_ text: String, mayHaveQuery: Bool = false) {
        template = Template(text)
        self.mayHaveQuery = mayHaveQuery
        let sample = Dictionary(
            template.names.map { ($0, "x") }, uniquingKeysWith: { first, _ in first })
        let beginning = text.hasPrefix("{") ? template.names.first : nil
        let url = try? fill { beginning == $0 && $1.isEmpty ? "https://x" : sample[$0] }
        guard url != nil else { return nil }
    }

    /// The placeholders' names.
    package var names: [String] { template.names }

    /// Returns the part of a URL with placeholders that names its server: everything before the
    /// path and the query.
    package static func beginning(of text: String) -> String {
        let authority = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let end = text[authority...].firstIndex { $0 == "/" || $0 == "?" } ?? text.endIndex
        return String(text[..<end])
    }

    /// Values that are missing or do not fit their places.
    package struct UnfitValue: Error, Equatable {
        /// The placeholders that they were for.
        package let names: [String]
    }

    /// Returns the URL with values in place of the placeholders.
    ///
    /// - Parameters:
    ///   - isLeft: Returns whether a placeholder stays as it is.
    ///   - value: Returns the value of a name.
    /// - Throws: ``UnfitValue`` when a value is missing or does not fit its place.
    package func filled(
        leaving isLeft: (String) -> Bool = { _ in false }, _ value: (String) -> String?
    ) throws(UnfitValue) -> String {
        try fill({ name, _ in value(name) }, leaving: isLeft)
    }

    /// - Parameter value: Returns the value of a name, given the text before it.
    private func fill(
        _ value: (String, String) -> String?, leaving isLeft: (String) -> Bool = { _ in false }
    ) throws(UnfitValue) -> String {
        var url = ""
        for part in template.parts {
            switch part {
            case .text(let text): url += text
            case .name(let name) where isLeft(String(name)): url += "{\(name)}"
            case .name(let name):
                guard let value = value(String(name), url),
                    let piece = Self.piece(value, after: url)
                else { throw UnfitValue(names: [String(name)]) }
                url += piece
            }
        }
        guard names.contains(where: isLeft) || isURL(url) else { throw UnfitValue(names: names) }
        return url
    }

    private func isURL(_ text: String) -> Bool {
        AbsoluteURL(text).map { mayHaveQuery || $0.query == nil } ?? false
    }

    /// Returns the value in the form that may follow `beginning`; `nil` when it may not.
    private static func piece(_ value: String, after beginning: String) -> String? {
        if beginning.isEmpty {
            guard let url = AbsoluteURL(value), url.query == nil, ["", "/"].contains(url.path)
            else { return nil }
            return value.hasSuffix("/") ? String(value.dropLast()) : value
        }
        let isInPath = beginning.drop { $0 != "/" }.dropFirst(2).contains("/")
        return (isInPath ? isSegment(value) : isHostPart(value)) ? value : nil
    }

    /// Whether the text is labels of a name, with dots only between them.
    private static func isHostPart(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
        }
    }

    /// Whether the text is one segment of a path, of unreserved characters (RFC 3986 §2.3).
    private static func isSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy(\.isUnreserved)
    }
}
