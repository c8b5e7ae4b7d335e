/// What is decided about an authorization request without a person.
package struct Decision: Equatable, Sendable {
    package let isApproved: Bool
    /// `nil` leaves the choice to the request's `login_hint`, or else takes the first user.
    package let user: String?
    /// What the client is told where it is not approved.
    package let error: String

    package init(isApproved: Bool, user: String? = nil, error: String = "access_denied") {
        self.isApproved = isApproved
        self.user = user
        self.error = error
    }
}
