/// The reason for which an issuer's metadata was not found: the result at each possible place.
///
/// Nothing in it is a provider's own text.
package struct MetadataNotFound: Error {
    package let outcomes: [(location: String, error: OAuthError)]

    /// Whether a document was found that is of another issuer, or does not say of which: mostly, the
    /// issuer was written a little differently.
    package var isOfAnotherIssuer: Bool {
        outcomes.contains { [.issuerMismatch, .issuerMissing].contains($0.error) }
    }
}

extension MetadataNotFound: CustomStringConvertible {
    package var description: String {
        outcomes.map { "at \($0.location), \(Self.sentence($0.error))" }.joined(separator: "; ")
    }

    private static func sentence(_ error: OAuthError) -> String {
        switch error {
        case .issuerMismatch: "the document names another issuer"
        case .issuerMissing: "the document names no issuer"
        case .malformedResponse(let text): "the document cannot be used: \(text)"
        case .outage(.unreadable): "the answer is no JSON object"
        default: "\(error)"
        }
    }
}
