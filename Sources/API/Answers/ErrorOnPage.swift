import HTTPTypes
import Web

/// An error that is shown to a person on the page that they were filling in, in place of the JSON
/// that programs get.
struct ErrorOnPage: Error {
    let cause: any Error
    let page: ConnectPage

    /// - Parameter status: Of the cause.
    func response(status: HTTPResponse.Status) -> Response {
        var response = page.response()
        response.status = status
        return response
    }
}
