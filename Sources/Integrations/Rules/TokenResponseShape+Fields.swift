import OAuth

/// The field `tokenResponse` of an integration. Members that are absent are as in RFC 6749.
extension TokenResponseShape: FieldedObject {
    package static var initial: TokenResponseShape { TokenResponseShape() }

    package static let fields: [Field<TokenResponseShape>] = [container] + parts + others

    private static let container = Field<TokenResponseShape>(
        "at", \.container, .path,
        "The place of the object that has the tokens; where it has none, the whole answer.")

    private static let parts = Part.allCases.map { part in
        Field<TokenResponseShape>(part.rawValue, \.paths[part], .path, part.meaning)
    }

    private static let others: [Field<TokenResponseShape>] = [
        Field(
            "lifetime", \.lifetime, .wholeNumber(1...3_155_760_000),
            "The lifetime of an access token in seconds, where the answer does not say it."),
        Field(
            "tokenTypes", .texts, get: \.tokenTypes,
            set: { $0.tokenTypes = ($1 ?? []).map { $0.lowercased() } },
            "Further values of `token_type` that mean the same as `bearer`."),
        Field("failure", \.failure, .object, "The sign of an error that comes with status 200."),
    ]
}

extension TokenResponseShape.Part {
    fileprivate var meaning: String {
        switch self {
        case .accessToken: "The place of the access token, in that object."
        case .refreshToken: "The place of the refresh token."
        case .expiresIn: "The place of the access token's lifetime in seconds."
        case .expiresAt: "The place of the time at which the access token expires."
        case .refreshTokenExpiresIn: "The place of the refresh token's lifetime in seconds."
        case .refreshTokenExpiresAt: "The place of the time at which the refresh token expires."
        case .scope: "The place of the granted scope."
        case .tokenType: "The place of the token's type."
        }
    }
}

extension TokenResponseShape.Failure: FieldedObject {
    package static var initial: Self { Self(member: MemberPath(member: ""), value: "") }

    package static let fields: [Field<Self>] = [
        Field("member", \.member, .path, traits: .required, "The place of a member of the answer."),
        Field("is", \.value, .plainText, traits: .required, "The value of the member in an error."),
    ]
}
