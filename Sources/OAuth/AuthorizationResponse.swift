import Encoding

/// The response that the browser brings to the redirect URI (RFC 6749 §4.1.2, RFC 9207).
package struct AuthorizationResponse {
    package enum Outcome: Equatable, Sendable {
        case code(String)
        /// Refused. The code is one of ``ErrorCode``'s; the description is the provider's own
        /// text, for people only: bounded, without control characters, to be escaped where shown.
        case error(code: String, description: String?)
    }

    package let state: String?
    package let outcome: Outcome
    /// The issuer that claims to answer (RFC 9207 §2).
    package let issuer: String?
    /// The granted scopes, separated by spaces: no standard has them here, but some providers name
    /// them nowhere else.
    package let scope: String?

    /// - Parameter fields: The callback's query.
    /// - Throws: ``OAuthError/malformedResponse(_:)`` when a parameter occurs twice
    ///   (SECURITY 5), or there is neither a code nor an error, or both.
    package init(fields: Form) throws(OAuthError) {
        for name in ["code", "state", "iss", "error"] where fields.all(name).count > 1 {
            throw .malformedResponse("\(name) occurs twice")
        }
        state = Self.value(of: "state", in: fields)
        issuer = fields["iss"]
        scope = Self.value(of: "scope", in: fields).flatMap { ScopeList.text(.string($0)) }
        switch (Self.value(of: "code", in: fields), Self.value(of: "error", in: fields)) {
        case (let code?, nil): outcome = .code(code)
        case (nil, let error?):
            outcome = .error(
                code: ErrorCode.known(error),
                description: fields["error_description"].flatMap(ProviderText.cleaned))
        case (nil, nil): throw .malformedResponse("there is neither a code nor an error")
        case (_?, _?): throw .malformedResponse("there is both a code and an error")
        }
    }

    /// Compares the issuer byte for byte (RFC 9207 §2.4, RFC 3986 §6.2.1; SECURITY 7). To be
    /// called for error responses as well.
    ///
    /// - Parameters:
    ///   - expected: The issuer of the provider that the browser was sent to; `nil` when unknown,
    ///     and then a response's issuer says nothing unless it is required.
    ///   - required: Whether the provider's metadata promises an issuer.
    /// - Throws: ``OAuthError/issuerMissing`` or ``OAuthError/issuerMismatch``.
    package func checkIssuer(expected: String?, required: Bool) throws(OAuthError) {
        guard let issuer else {
            if required { throw .issuerMissing }
            return
        }
        guard let expected else {
            if required { throw .issuerMismatch }
            return
        }
        // Not `==`, which takes texts for equal that Unicode calls equivalent.
        guard issuer.utf8.elementsEqual(expected.utf8) else { throw .issuerMismatch }
    }

    /// Whether it says that the user, or who decides for them, said no.
    package var isDenial: Bool {
        if case .error("access_denied", _) = outcome { true } else { false }
    }

    /// Returns a parameter; one without a value counts as left out (RFC 6749 §3.1).
    private static func value(of name: String, in fields: Form) -> String? {
        fields[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension AuthorizationResponse: CustomStringConvertible, CustomReflectable {
    /// Never the code or the state: descriptions end in logs (SECURITY 26).
    package var description: String {
        switch outcome {
        case .code: "AuthorizationResponse(code)"
        case .error(let code, _): "AuthorizationResponse(error: \(code))"
        }
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
