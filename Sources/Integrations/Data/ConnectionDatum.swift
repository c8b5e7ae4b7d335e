import Encoding
import OAuth
import Templates

/// A value that an integration keeps about each connection, such as Salesforce's instance URL or a
/// shop's name: shown in the connection's `data`, and put in place of `{name}` in URLs and fixed
/// header fields.
package struct ConnectionDatum: Equatable, Sendable {
    /// The name that stands in braces.
    package let name: String
    package internal(set) var source = Source.user
    /// The place of the value: a parameter of the callback, or a path into the token response or
    /// the lookup's answer.
    package internal(set) var path: MemberPath
    /// A ``ValuePattern``. Without one the value is only shown to people, and stands in no URL.
    package internal(set) var pattern: String?
    /// Whether a connection may be without it.
    package internal(set) var isOptional = false
    /// Whether the value may choose a host that tokens and secrets go to.
    package internal(set) var choosesHost = false
    /// The value that is used when none is given.
    package internal(set) var fallback: String?
    /// The label of the question that people are asked.
    package internal(set) var title: String?
    /// An example of a value.
    package internal(set) var example: String?

    /// Creates a datum that the user gives, in any text.
    init(named name: String) {
        self.name = name
        path = MemberPath(member: name)
    }

    package enum Source: String, Sendable, CaseIterable {
        /// The integration's field `data`, which the operator sets.
        case `operator`
        /// The user who connects.
        case user
        /// A parameter of the callback.
        case callback
        /// The provider's token response (RFC 6749 §5.1 allows further members).
        case token
        /// The answer to the integration's ``Lookup``.
        case lookup
    }

    /// The longest value, in bytes: nothing that belongs into a URL is longer.
    private static let longest = 255

    /// Whether the user has to give the value when connecting.
    package var isAsked: Bool { source == .user && !isOptional && fallback == nil }

    /// Whether the value is known before the first request to the provider.
    package var isKnownBefore: Bool { source == .user || source == .operator }

    /// Returns whether a value may be kept.
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

    /// Returns the same datum with a value that the integration sets: no user is asked for it.
    func fixed(to value: String) -> ConnectionDatum {
        var datum = self
        datum.source = .operator
        datum.fallback = value
        return datum
    }

    /// A description of the accepted values, for the error about another one.
    var requirement: String {
        let what = pattern.map { "a text that matches \($0)" } ?? "a text of 1 to 255 bytes"
        let meaning = title.map { " (\($0))" } ?? ""
        return "'\(name)'\(meaning) must be \(what)" + (example.map { ", such as \($0)" } ?? "")
    }

    /// Returns whether a text can stand in braces.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy(\.isASCIILetterOrDigit)
    }
}
