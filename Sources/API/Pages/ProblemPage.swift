import Connections
import Web

/// A problem in plain words, for a person who opened an address, with the status, code and header
/// fields that programs get beside their JSON.
enum ProblemPage {
    private static let page = Page(PackageResources.error_mustache)

    /// - Parameter cause: The error that became the problem.
    static func response(_ problem: Problem, _ cause: any Error, requestID: String) -> Response {
        var values = FailureExplanation(problem, cause).values(
            code: problem.code.rawValue, slug: nil)
        values["requestID"] = requestID
        var response = page.response(values)
        response.status = problem.status
        response.headers.append(contentsOf: problem.headers)
        return response
    }
}

extension FailureExplanation {
    fileprivate init(_ problem: Problem, _ cause: any Error) {
        let failure = ConnectFailure(cause)
        self =
            switch problem.code {
            case _ where Self.isNotToShare(cause): .mayNotShare
            case .unauthenticated: .signedOut
            case .invalidTicket: .usedLink
            case _ where problem.status == .conflict && failure == .internalError:
                .changed(problem.detail)
            case _ where failure == .internalError && problem.status.kind == .clientError:
                .wrongRequest(problem.detail)
            default: Self(failure)
            }
    }

    private static func isNotToShare(_ cause: any Error) -> Bool {
        if case ConnectionsError.mayNotShare = cause { true } else { false }
    }

    private static let signedOut = Self(
        title: "Not signed in",
        what: "You are not signed in, or your session has expired. Nothing was stored.",
        forUser: "Sign in to the application that led you here, and connect again from there.")

    private static let usedLink = Self(
        title: "Not signed in", what: "The link was used already, or is too old.",
        forUser: "Go back to where it came from, and ask for a new one.")

    private static func changed(_ detail: String) -> Self {
        Self(
            what: "It could not be connected as things are now. Nothing was stored.",
            forUser: "Connect again.", forAdministrator: detail, mayTryAgain: true)
    }

    private static func wrongRequest(_ detail: String) -> Self {
        Self(
            what: "The link or the form that led here is not right. Nothing was stored.",
            forUser: "Go back to the application, and connect again from there.",
            forAdministrator: detail)
    }
}
