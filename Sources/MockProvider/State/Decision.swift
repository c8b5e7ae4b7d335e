/// An automatic decision about an authorization request.
package struct Decision: Equatable, Sendable {
    package let isApproved: Bool
    /// The user; `nil` stands for the one in the request's `login_hint`, or else the first user.
    package let user: String?
    /// The error that the client gets when the request is not approved.
    package let error: String

    package init(isApproved: Bool, user: String? = nil, error: String = "access_denied") {
        self.isApproved = isApproved
        self.user = user
        self.error = error
    }
}
