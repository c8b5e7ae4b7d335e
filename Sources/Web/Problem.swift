import Encoding
import HTTPTypes
import Headers
import Problems

/// An error answer (RFC 9457), with a stable code of ours.
package struct Problem: Error {
    package var status: HTTPResponse.Status
    /// Stable, for programs: `connection_required`.
    package var code: ProblemCode
    /// One sentence for people: the error, and how to correct it.
    package var detail: String
    /// Further members, such as a link to a remedy.
    package var members: [(String, JSONValue)]
    package var headers: HeaderFields

    package init(
        _ status: HTTPResponse.Status, _ code: ProblemCode, _ detail: String,
        members: [(String, JSONValue)] = [], headers: HeaderFields = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.members = members
        self.headers = headers
    }

    /// Returns the answer as `application/problem+json`.
    ///
    /// `type` is `about:blank`, so that `title` is the status's own phrase (RFC 9457 §4.2.1).
    package func response(requestID: String) -> Response {
        let document: [(String, JSONValue)] =
            [
                ("type", "about:blank"),
                ("title", .string(status.reasonPhrase)),
                ("status", .integer(status.code)),
                ("detail", .string(detail)),
                ("code", .string(code.rawValue)),
                ("requestId", .string(requestID)),
            ] + members
        var response = Response.json(
            .object(document), status: status, contentType: "application/problem+json")
        response.headers.append(contentsOf: headers)
        return response
    }
}
