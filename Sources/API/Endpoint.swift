import Web

/// One endpoint: decodes a request, calls one method of the domain, encodes the answer.
protocol Endpoint: Sendable {
    func respond(to request: APIRequest) throws -> Response
    /// Whether HEAD is answered as GET is. Not where a GET uses something up.
    var answersHead: Bool { get }
    /// Whether people open it in a browser's window: they get errors as a page.
    var isForPeople: Bool { get }
    /// The rule for requests that a browser sends from another site's page.
    var crossSitePolicy: CrossSitePolicy { get }
    /// Returns the page that asks a user who comes from another site, where the policy requires it.
    func confirmation(for request: APIRequest) throws -> Response
}

extension Endpoint {
    var answersHead: Bool { true }
    var isForPeople: Bool { false }
    var crossSitePolicy: CrossSitePolicy { .protectsWrites }
    func confirmation(for request: APIRequest) throws -> Response { throw Problem.crossSite }
}

/// The callers that an endpoint accepts.
enum Access {
    /// All callers, with or without an identity.
    case anyone
    case users
    case superusers
    /// Programs of the host, and no browser.
    case superuserKeys
}

/// An endpoint with its access rule: one line of the list of routes.
struct GuardedEndpoint: Sendable {
    let access: Access
    let endpoint: any Endpoint
}

extension GuardedEndpoint {
    static func anyone(_ endpoint: any Endpoint) -> GuardedEndpoint {
        GuardedEndpoint(access: .anyone, endpoint: endpoint)
    }

    static func users(_ endpoint: any Endpoint) -> GuardedEndpoint {
        GuardedEndpoint(access: .users, endpoint: endpoint)
    }

    static func superusers(_ endpoint: any Endpoint) -> GuardedEndpoint {
        GuardedEndpoint(access: .superusers, endpoint: endpoint)
    }

    static func superuserKeys(_ endpoint: any Endpoint) -> GuardedEndpoint {
        GuardedEndpoint(access: .superuserKeys, endpoint: endpoint)
    }
}
