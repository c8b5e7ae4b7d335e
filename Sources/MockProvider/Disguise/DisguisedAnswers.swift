/// The answers of a disguised provider, as far as its entry does not describe them, or a test
/// should not rely on the entry.
struct DisguisedAnswers {
    /// The form of the access token's expiry in an answer; by default the entry's.
    enum Expiry: String, CaseIterable {
        /// `expires_in`
        case seconds
        /// `expires_at`, or another place that the entry names
        case moment
        case both
        /// `"expires_in": 0`, which at some providers means that the token does not expire
        case zero
        case absent = "none"
    }

    /// The form of the granted scope; by default that of the request.
    enum ScopeForm: String, CaseIterable {
        case spaces
        case commas
        case array
        /// in the callback instead of the answer with the tokens
        case callback
        case absent = "none"
    }

    /// The answers that hold the tokens in an object of their own.
    enum Nesting: String, CaseIterable {
        case all
        /// the answer to the code, and no later one
        case first
    }

    var expiry: Expiry?
    var hasRefreshTokens = true
    var scopeForm: ScopeForm?
    /// The granted scope, separated by spaces, where it is not the requested one.
    var grantedScope: String?
    /// The token type; `none` leaves it out. By default the entry's.
    var tokenType: String?
    var nesting = Nesting.all

    init() {}

    /// - Throws: ``ControlError`` for unknown members and values.
    init(_ body: ControlBody) throws(ControlError) {
        try body.refuseMembers(except: [
            "expiry", "refreshTokens", "scope", "granted", "tokenType", "nested",
        ])
        expiry = try body.choice("expiry")
        scopeForm = try body.choice("scope")
        grantedScope = try body.text("granted")
        tokenType = try body.text("tokenType")
        nesting = try body.choice("nested") ?? .all
        switch try body.text("refreshTokens") {
        case nil: break
        case "none": hasRefreshTokens = false
        default: throw ControlError("refreshTokens can only be none")
        }
    }
}
