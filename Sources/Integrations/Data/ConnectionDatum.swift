import Encoding
import OAuth
import Templates

/// A value that an integration keeps about each connection, such as Salesforce's instance URL or a
/// shop's name: shown in the connection's `data`, and put in place of `{name}` in URLs and fixed
/// header fields.
package struct ConnectionDatum: Equatable, Sendable {
    /// As it stands in braces.
    package let name: String
    package private(set) var source: Source
    /// Where it stands: a parameter of the callback, or a way into the token response or the
    /// lookup's answer.
    package let path: MemberPath
    /// A ``ValuePattern``. Without one the value is for people only, and stands in no URL.
    package let pattern: String?
    /// Whether a connection may be without it.
    package let isOptional: Bool
    /// Whether its giver may choose a host by it that tokens and secrets go to.
    package let choosesHost: Bool
    /// What it is when nobody gives it.
    package private(set) var fallback: String?
    /// What people are asked for.
    package let title: String?
    /// A value as it might be.
    package let example: String?

    package enum Source: String, Sendable, CaseIterable {
        /// Given with the integration: `data`.
        case `operator`
        /// Given by whoever connects.
        case user
        /// A parameter of the callback.
        case callback
        /// In the provider's token response (RFC 6749 §5.1 lets it say more than it must).
        case token
        /// In the answer to the integration's ``Lookup``.
        case lookup
    }

    /// Nothing that belongs into a URL is longer.
    private static let longest = 255

    /// Whether whoever connects has to give it.
    package var isAsked: Bool { source == .user && !isOptional && fallback == nil }

    /// Whether it is known before the provider is asked for anything.
    package var isKnownBefore: Bool { source == .user || source == .operator }

    /// Whether a value may be kept.
    package func accepts(_ value: String) -> Bool {
        guard !value.isEmpty, value.utf8.count <= Self.longest else { return false }
        guard let pattern else { return !value.unicodeScalars.contains(where: Self.isControl) }
        return value.utf8.allSatisfy(\.isASCIIVisible)
            && ValuePattern(pattern)?.matches(value) == true
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    /// The same, with a value that the integration gives: nobody is asked any more.
    func fixed(to value: String) -> ConnectionDatum {
        var datum = self
        datum.source = .operator
        datum.fallback = value
        return datum
    }

    /// What is wanted, for whoever gave something else.
    var requirement: String {
        let what = pattern.map { "a text that matches \($0)" } ?? "a text of 1 to 255 bytes"
        let meaning = title.map { " (\($0))" } ?? ""
        return "'\(name)'\(meaning) must be \(what)" + (example.map { ", such as \($0)" } ?? "")
    }

    /// Whether a text can stand in braces.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy(\.isASCIILetterOrDigit)
    }
}
