/// What is decided about an authorization request without a person.
package struct Decision: Equatable, Sendable {
    package let isApproved: Bool
    /// `nil` leaves the choice to the request's `login_hint`, or else takes the first user.
    package let user: String?

    package init(isApproved: Bool, user: String? = nil) {
        self.isApproved = isApproved
        self.user = user
    }
}
