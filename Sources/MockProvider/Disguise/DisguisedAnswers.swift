/// The choices in a disguised provider's answers about which its entry says nothing, or which test
/// whether the service copes with other answers than the entry's.
struct DisguisedAnswers {
    /// The form of the access token's expiry in an answer. Unless it is ordered, as the entry says.
    enum Expiry: String, CaseIterable {
        /// `expires_in`
        case seconds
        /// `expires_at`, or where the entry has it
        case moment
        case both
        /// `"expires_in": 0`, by which some mean that it never ends
        case zero
        case absent = "none"
    }

    /// The form of the granted scope. Unless it is ordered, as it was asked for.
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
        /// the one to the code, and no later one
        case first
    }

    var expiry: Expiry?
    var hasRefreshTokens = true
    var scopeForm: ScopeForm?
    /// The granted scopes, separated by spaces, when they are not the requested ones.
    var grantedScope: String?
    /// `none` leaves it out; unless it is ordered, as the entry says.
    var tokenType: String?
    var nesting = Nesting.all

    init() {}

    /// - Throws: ``ControlError`` for an unknown member or value.
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
